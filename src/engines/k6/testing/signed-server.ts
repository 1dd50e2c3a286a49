import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignatureCheck } from '../../../emulator/protocols/signature.ts';
import { ServiceError } from '../../../emulator/protocols/wire.ts';
import type { AwsCredentials, Signing } from '../../../model/scenario.ts';
import { STUB_DATA } from './graphql-stub.ts';

export interface SignedServer {
  /** With a path and parameters that are not signed as they stand. */
  url: string;
  /** Bodies of the requests that were signed rightly. */
  accepted: string[];
  close(): Promise<void>;
}

/**
 * An endpoint that answers what is signed with these keys for this service and region, as API Gateway and
 * function URLs do, and refuses the rest in their words. What is right is computed by AWS's own library.
 */
export async function startSignedServer(
  keys: AwsCredentials,
  signing: Signing,
): Promise<SignedServer> {
  const check = new SignatureCheck(keys);
  const accepted: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const answer = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const { headers, method = '' } = request;
    try {
      await check.check({ method, path: pathname, query: searchParams, headers, body });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return answer(403, { message: error.message });
    }
    const scope = `/${signing.region}/${signing.service}/aws4_request`;
    if (headers.authorization?.includes(scope) !== true) {
      return answer(403, { message: 'Credential should be scoped to a valid region.' });
    }
    if ((headers['x-amz-security-token'] ?? null) !== keys.sessionToken) {
      return answer(403, { message: 'The security token included in the request is invalid.' });
    }
    accepted.push(body.toString());
    return answer(200, { data: STUB_DATA });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/a stage//f%2F1/graphql?b-=2&b=é&a=(1)`,
    accepted,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
