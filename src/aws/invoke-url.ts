import type { AwsAccess } from '../model/ports.ts';

/** Lambda's Invoke, where Lambda's other questions are answered too. */
export function invokeUrl(
  functionName: string,
  qualifier: string | null,
  { region, endpoint }: AwsAccess,
): string {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const origin = endpoint ?? `https://lambda.${region}.${domain}`;
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  const url = new URL(path, origin);
  if (qualifier !== null) url.searchParams.set('Qualifier', qualifier);
  return url.href;
}
