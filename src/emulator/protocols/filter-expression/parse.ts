import { annotationComparison, comparison, type Operator } from './comparisons.ts';
import { type AnnotationValue, KEYWORDS, type Node, type TraceView } from './keywords.ts';
import { ExpressionError, type Token, tokensOf } from './tokens.ts';

type Predicate = (node: Node, trace: TraceView) => boolean;
type NodeTest = (node: Node) => boolean;

/** Parentheses, braces and negations within each other. */
const DEEPEST = 64;
const SIGNS: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);
const WORDS: ReadonlySet<string> = new Set(['CONTAINS', 'BEGINSWITH', 'ENDSWITH']);

/**
 * X-Ray's filter expressions: keywords with `=`, `!=`, `<`, `<=`, `>`, `>=`, CONTAINS, BEGINSWITH,
 * ENDSWITH; AND (or nothing) before OR; `!` or NOT; parentheses; `annotation.key`, `annotation[key]`;
 * `service("name") { … }`, `edge("from", "to") { … }`, with `id(name: "…", type: "…")` for a name.
 * @throws ExpressionError
 */
export function parseFilterExpression(text: string): (trace: TraceView) => boolean {
  const predicate = new Parser(tokensOf(text)).whole();
  return (trace) => predicate(trace.whole, trace);
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Predicate {
    const predicate = this.#any();
    if (this.#token.kind !== 'end') throw this.#unexpected();
    return predicate;
  }

  #any(): Predicate {
    const parts = [this.#all()];
    while (this.#takeWord('OR')) parts.push(this.#all());
    return (node, trace) => parts.some((part) => part(node, trace));
  }

  #all(): Predicate {
    const parts = [this.#negated()];
    for (;;) {
      if (!this.#takeWord('AND') && !this.#beginsTerm()) break;
      parts.push(this.#negated());
    }
    return (node, trace) => parts.every((part) => part(node, trace));
  }

  #beginsTerm(): boolean {
    const token = this.#token;
    if (token.kind === 'word') return !/^(?:and|or)$/i.test(token.text);
    return token.kind === '!' || token.kind === '(';
  }

  #negated(): Predicate {
    if (!this.#take('!') && !this.#takeWord('NOT')) return this.#term();
    const inner = this.#nested(() => this.#negated());
    return (node, trace) => !inner(node, trace);
  }

  #term(): Predicate {
    if (this.#take('(')) {
      const inner = this.#nested(() => this.#any());
      this.#expect(')');
      return inner;
    }
    const token = this.#token;
    if (token.kind !== 'word') throw this.#unexpected();
    this.#next += 1;
    const name = token.text.toLowerCase();
    if (name === 'service') return this.#service();
    if (name === 'edge') return this.#edge();
    if (name === 'annotation' || name.startsWith('annotation.')) {
      return this.#annotation(token.text.slice('annotation.'.length));
    }
    const keyword = KEYWORDS.get(name);
    if (keyword === undefined) throw new ExpressionError(`unknown keyword ${token.text}`, token.at);
    const operator = this.#operator();
    if (operator === null) {
      if (keyword.type === 'boolean') return (node) => keyword.of(node);
      throw new ExpressionError(`${token.text} needs an operator and a value`, token.at);
    }
    return this.#sound(comparison(keyword, operator, this.#value()), token.at);
  }

  #annotation(dotted: string): Predicate {
    const { at } = this.#token;
    let key = dotted;
    if (dotted === '') {
      this.#expect('[');
      key = this.#string();
      this.#expect(']');
    }
    const operator = this.#operator();
    if (operator === null) return ({ annotations }) => annotations.has(key);
    return this.#sound(annotationComparison(key, operator, this.#value()), at);
  }

  /** Without a name: any service. */
  #service(): Predicate {
    this.#expect('(');
    const is = this.#token.kind === ')' ? () => true : this.#reference();
    this.#expect(')');
    const filter = this.#block();
    return (_, trace) => trace.segments.some((node) => is(node) && filter(node, trace));
  }

  #edge(): Predicate {
    this.#expect('(');
    const from = this.#reference();
    this.#expect(',');
    const to = this.#reference();
    this.#expect(')');
    const filter = this.#block();
    return (_, trace) =>
      trace.edges.some((edge) => from(edge.from) && to(edge.to) && filter(edge.to, trace));
  }

  #block(): Predicate {
    if (!this.#take('{')) return () => true;
    const filter = this.#nested(() => this.#any());
    this.#expect('}');
    return filter;
  }

  #reference(): NodeTest {
    if (!this.#takeWord('id')) {
      const name = this.#string();
      return (node) => node.name === name;
    }
    const tests: NodeTest[] = [];
    this.#expect('(');
    do {
      const token = this.#token;
      const field = token.kind === 'word' ? token.text.toLowerCase() : '';
      this.#next += 1;
      this.#expect(':');
      const wanted = this.#string();
      if (field === 'name') tests.push(({ name }) => name === wanted);
      else if (field === 'type') tests.push(({ type }) => type === wanted);
      // There is one account here.
      else if (field !== 'account.id')
        throw new ExpressionError('unknown member of id()', token.at);
    } while (this.#take(','));
    this.#expect(')');
    return (node) => tests.every((test) => test(node));
  }

  #operator(): Operator | null {
    const token = this.#token;
    const text = token.kind === 'word' ? token.text.toUpperCase() : token.kind;
    if (!SIGNS.has(text) && !WORDS.has(text)) return null;
    this.#next += 1;
    return text as Operator;
  }

  #value(): AnnotationValue {
    const token = this.#token;
    if (token.kind === 'number') {
      this.#next += 1;
      return token.value;
    }
    if (this.#takeWord('true')) return true;
    if (this.#takeWord('false')) return false;
    return this.#string();
  }

  #string(): string {
    const token = this.#token;
    if (token.kind !== 'string') throw this.#unexpected();
    this.#next += 1;
    return token.text;
  }

  #nested(parse: () => Predicate): Predicate {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new ExpressionError('too many levels', this.#token.at);
    const inner = parse();
    this.#depth -= 1;
    return inner;
  }

  #sound(result: NodeTest | string, at: number): Predicate {
    if (typeof result === 'string') throw new ExpressionError(result, at);
    return result;
  }

  get #token(): Token {
    return this.#tokens[Math.min(this.#next, this.#tokens.length - 1)] as Token;
  }

  #take(kind: Token['kind']): boolean {
    if (this.#token.kind !== kind) return false;
    this.#next += 1;
    return true;
  }

  #takeWord(word: string): boolean {
    const token = this.#token;
    if (token.kind !== 'word' || token.text.toLowerCase() !== word.toLowerCase()) return false;
    this.#next += 1;
    return true;
  }

  #expect(kind: Token['kind']): void {
    if (!this.#take(kind)) throw this.#unexpected(`"${kind}" expected`);
  }

  #unexpected(expected?: string): ExpressionError {
    const token = this.#token;
    if (expected !== undefined) return new ExpressionError(expected, token.at);
    return new ExpressionError(
      token.kind === 'end'
        ? 'unexpected end'
        : `unexpected ${'text' in token ? `"${token.text}"` : token.kind}`,
      token.at,
    );
  }
}
