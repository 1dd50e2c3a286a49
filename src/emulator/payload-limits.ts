/** Lambda's limit of an event and of an answer, synchronously invoked. */
export const INVOKE_BYTES = 6 * 1024 * 1024;
/** Of bodies through REST and HTTP APIs. Source: API Gateway Developer Guide, both "Quotas" pages. */
export const GATEWAY_BODY_BYTES = 10 * 1024 * 1024;
/**
 * Of all header values of a request (REST API), and of them and the request line (HTTP API). Source:
 * the same pages.
 */
export const GATEWAY_HEADER_BYTES = 10_240;
