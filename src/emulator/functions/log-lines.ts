import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is cut into several events, as CloudWatch would refuse it. */
const LONGEST = 256 * 1024;

/**
 * Cuts what an environment writes into events, one per line, each with its line break.
 * @param carriageReturns a CR within a line is a line break of the same event (our own bootstrap)
 */
export function lineSplitter(
  carriageReturns: boolean,
  onLine: (line: string) => void,
): { write(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const emit = (line: string): void => {
    for (let start = 0; start === 0 || start < line.length; start += LONGEST) {
      const part = line.slice(start, start + LONGEST);
      onLine(`${carriageReturns ? part.replaceAll('\r', '\n') : part}\n`);
    }
  };
  return {
    write: (chunk) => {
      rest += decoder.write(chunk);
      let start = 0;
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', start)) {
        emit(rest.slice(start, end));
        start = end + 1;
      }
      rest = rest.slice(start);
      while (rest.length > LONGEST) {
        emit(rest.slice(0, LONGEST));
        rest = rest.slice(LONGEST);
      }
    },
    end: () => {
      rest += decoder.end();
      if (rest !== '') emit(rest);
      rest = '';
    },
  };
}
