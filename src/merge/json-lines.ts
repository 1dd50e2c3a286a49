import { errnoOf, messageOf } from '../base/errors.ts';
import { gunzippedText } from '../base/gunzipped-text.ts';

/**
 * The lines of a gzip file, one after the other. What is whole of a file that was cut off or damaged is
 * given; `onDamage` hears of the rest. A file that does not exist has no lines and returns false.
 */
export async function readJsonLines(
  file: string,
  onLine: (line: string) => Promise<void> | undefined,
  onDamage: (description: string) => void,
): Promise<boolean> {
  let rest = '';
  try {
    for await (const piece of gunzippedText(file)) {
      const text = rest + piece;
      let from = 0;
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
        const busy = end > from ? onLine(text.slice(from, end)) : undefined;
        if (busy !== undefined) await busy;
        from = end + 1;
      }
      rest = text.slice(from);
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    onDamage(`compressed data is damaged (${messageOf(error)}), what follows is lost`);
    return true;
  }
  if (rest !== '') onDamage('the last line is cut off');
  return true;
}
