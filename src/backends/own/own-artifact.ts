import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Endpoint } from '../../model/endpoint.ts';
import type { OwnHandlers } from '../../model/own-handler.ts';
import type { HandlerArtifact } from '../../model/ports.ts';
import { prepareHandler } from './prepare-handler.ts';

/** Bundles or copies a handler of the user's, `named` by a setting, into `folder` and weighs it. */
export async function ownArtifact(
  own: OwnHandlers['handlers'][number],
  endpoint: Endpoint,
  folder: string,
  named: string,
): Promise<HandlerArtifact> {
  const { handler } = await prepareHandler(own, endpoint.runtime, folder, named);
  const bytes = await readFile(join(folder, handler.file));
  const { backend, dataLayer, server, batching } = endpoint;
  return {
    folder,
    ...handler,
    facts: {
      backend,
      dataLayer,
      server,
      batching,
      bytes: bytes.length,
      gzipBytes: gzipSync(bytes).length,
      load: null,
      init: null,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
  };
}
