/** Thrown by the lexer and the parser; the endpoint says it in the service's error. */
export class ExpressionError extends Error {
  constructor(what: string, at: number) {
    super(`Invalid filter expression: ${what} at position ${at}.`);
  }
}

export type Token =
  | { kind: 'word' | 'string'; text: string; at: number }
  | { kind: 'number'; value: number; at: number }
  /** Operators and brackets; `end` is after the last. */
  | { kind: Sign | 'end'; at: number };

type Sign =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '!'
  | '('
  | ')'
  | '{'
  | '}'
  | '['
  | ']'
  | ','
  | ':';

const SPACE = /\s+/y;
const TOKEN =
  /(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<number>-?\d+(?:\.\d+)?(?![\w.]))|(?<word>[A-Za-z_][\w.-]*)|(?<sign>!=|<=|>=|[=<>!(){}[\],:])/y;
/** What stands between the brackets of `annotation[…]`. */
const KEY = /[^\]\s"']{1,500}/y;

/** @throws ExpressionError */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const skipSpace = (): void => {
    SPACE.lastIndex = at;
    if (SPACE.test(text)) at = SPACE.lastIndex;
  };
  for (skipSpace(); at < text.length; skipSpace()) {
    if (tokens.at(-1)?.kind === '[') {
      KEY.lastIndex = at;
      const key = KEY.exec(text)?.[0];
      if (key !== undefined) {
        tokens.push({ kind: 'string', text: key, at });
        at += key.length;
        continue;
      }
    }
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) throw new ExpressionError(`unexpected "${text[at]}"`, at);
    tokens.push(tokenOf(groups, at));
    at = TOKEN.lastIndex;
  }
  tokens.push({ kind: 'end', at: text.length });
  return tokens;
}

function tokenOf(groups: Record<string, string | undefined>, at: number): Token {
  const { string, number, word, sign } = groups;
  if (string !== undefined) {
    return { kind: 'string', text: string.slice(1, -1).replace(/\\(.)/gs, '$1'), at };
  }
  if (number !== undefined) return { kind: 'number', value: Number(number), at };
  if (word !== undefined) return { kind: 'word', text: word, at };
  return { kind: sign as Sign, at };
}
