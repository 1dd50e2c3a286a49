import { createReadStream } from 'node:fs';
import { constants, createGunzip } from 'node:zlib';
import { errnoOf } from '../../base/errors.ts';

/**
 * The whole lines of a gzip file, a few thousand at a time. What follows a damaged place is not read;
 * a file that does not exist has none.
 */
export async function* readLines(path: string): AsyncGenerator<string[]> {
  const source = createReadStream(path, { highWaterMark: 1 << 18 });
  const unzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 1 << 18 });
  source.on('error', (error) => unzip.destroy(error));
  source.pipe(unzip);
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of unzip) {
      const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield lines.filter((line) => line !== '');
    }
  } catch (error) {
    const code = errnoOf(error) ?? '';
    if (code !== 'ENOENT' && !code.startsWith('Z_')) throw error;
  }
}
