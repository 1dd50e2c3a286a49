import { errnoOf } from '../../base/errors.ts';
import { gunzippedText } from '../../base/gunzipped-text.ts';

/**
 * The whole lines of a gzip file, a few thousand at a time. What follows a damaged place is not read;
 * a file that does not exist has none.
 */
export async function* readLines(path: string): AsyncGenerator<string[]> {
  let rest = '';
  try {
    for await (const piece of gunzippedText(path)) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      yield lines.filter((line) => line !== '');
    }
  } catch (error) {
    const code = errnoOf(error) ?? '';
    if (code !== 'ENOENT' && !code.startsWith('Z_')) throw error;
  }
}
