/**
 * Whether an HTTP API and a function URL give a body of this type as text. Any other comes as base64,
 * forms, `+json` and bodies without a type among them. Source: measured on the service for HTTP APIs
 * (ministackorg/ministack#766); that forms are base64 behind function URLs, too, is reported
 * (LeanerCloud/CUDly#1483), the rest of the list is inferred for them.
 */
export function isTextType(contentType: string | undefined): boolean {
  if (contentType === undefined) return false;
  const type = mediaTypeOf(contentType);
  return type.startsWith('text/') || TEXT_TYPES.has(type);
}

const TEXT_TYPES = new Set(['application/json', 'application/javascript', 'application/xml']);

/**
 * Whether a REST API treats what a header names as bytes: a `Content-Type`, or the first type of an
 * `Accept`. An entry is a type, all of a kind (`image/` and a star), or a star on both sides for
 * everything. A wildcard in the header matches nothing but itself, and one for the kind alone matches
 * nothing. Sources: API Gateway Developer Guide, "Binary media types for REST APIs"; measured on the
 * service (localstack, test_aws_proxy_binary_response; ministackorg/ministack#767).
 */
export function isBinaryType(
  header: string | undefined,
  binaryMediaTypes: readonly string[],
): boolean {
  if (binaryMediaTypes.length === 0) return false;
  const asked = header === undefined ? null : mediaTypeOf(header.split(',', 1)[0] ?? '');
  return binaryMediaTypes.some((entry) => {
    const binary = mediaTypeOf(entry);
    if (binary === '*/*') return true;
    if (asked === null || binary.startsWith('*')) return false;
    return binary.endsWith('/*') && !asked.endsWith('/*')
      ? asked.startsWith(binary.slice(0, -1))
      : asked === binary;
  });
}

/** `image/png` of `Image/PNG; q=0.8` */
function mediaTypeOf(value: string): string {
  const semicolon = value.indexOf(';');
  return (semicolon < 0 ? value : value.slice(0, semicolon)).trim().toLowerCase();
}
