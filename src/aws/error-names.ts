/**
 * What AWS's services call the same failure. Sources: botocore's service models, and AWS, "Common error
 * types" of each API reference.
 */
export const EXPIRED = [
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
  'RequestExpired',
  'UnauthorizedSSOTokenError',
];
export const UNKNOWN_KEYS = [
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'InvalidAccessKeyIdException',
  'AuthFailure',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
];
export const WRONG_SIGNATURE = [
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'IncompleteSignature',
  'IncompleteSignatureException',
];
export const WRONG_CLOCK = ['RequestTimeTooSkewed', 'RequestInTheFuture'];
export const NOT_ENABLED = [
  'OptInRequired',
  'SubscriptionRequiredException',
  'RegionDisabledException',
];
export const DENIED = [
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'AuthorizationError',
  'NotAuthorized',
];
export const THROTTLED = [
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'SlowDown',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
];
