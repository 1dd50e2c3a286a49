import { createReadStream } from 'node:fs';
import { constants, createGunzip } from 'node:zlib';

const CHUNK_BYTES = 1 << 18;

/** The text of a gzip file, piece by piece. Of one that is damaged what is whole comes before it throws. */
export async function* gunzippedText(path: string): AsyncGenerator<string> {
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  // Without the sync flush the last block of a truncated file would be lost with its error.
  const unzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES });
  source.on('error', (error) => unzip.destroy(error));
  source.pipe(unzip);
  const decoder = new TextDecoder();
  for await (const chunk of unzip) yield decoder.decode(chunk as Buffer, { stream: true });
}
