import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { sha256Hex } from '../../base/digest.ts';
import { type Endpoint, serverOf } from '../../model/endpoint.ts';
import type { BundleFacts } from '../../model/run.ts';

/** Weighs a handler's file; how long it takes to load is measured later, by the target. */
export async function bundleFacts(
  endpoint: Pick<
    Endpoint,
    'backend' | 'dataLayer' | 'server' | 'batching' | 'responseStreaming' | 'revision'
  >,
  path: string,
): Promise<BundleFacts> {
  const bytes = await readFile(path);
  const { backend, dataLayer, batching, responseStreaming, revision } = endpoint;
  return {
    backend,
    dataLayer,
    server: serverOf(endpoint),
    batching,
    ...(responseStreaming && { responseStreaming }),
    revision,
    bytes: bytes.length,
    gzipBytes: gzipSync(bytes).length,
    load: null,
    init: null,
    sha256: sha256Hex(bytes),
  };
}
