import type { AnnotationValue, Keyword, Node } from './keywords.ts';

export type Operator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'CONTAINS'
  | 'BEGINSWITH'
  | 'ENDSWITH';

type Predicate = (node: Node) => boolean;

const NUMERIC: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>='];
const TEXTUAL: readonly Operator[] = ['=', '!=', 'CONTAINS', 'BEGINSWITH', 'ENDSWITH'];

/** @returns what is wrong, in words, where the keyword has no such comparison. */
export function comparison(
  keyword: Keyword,
  operator: Operator,
  value: AnnotationValue,
): Predicate | string {
  switch (keyword.type) {
    case 'boolean':
      if (typeof value !== 'boolean') return 'a value true or false is needed';
      if (operator !== '=' && operator !== '!=') return `no operator ${operator} of true and false`;
      return (node) => (keyword.of(node) === value) === (operator === '=');
    case 'number':
      if (typeof value !== 'number') return 'a number is needed';
      if (!NUMERIC.includes(operator)) return `no operator ${operator} of numbers`;
      return (node) => {
        const actual = keyword.of(node);
        return actual !== null && numbers(actual, operator, value);
      };
    case 'string':
      if (typeof value !== 'string') return 'a string in quotes is needed';
      if (!TEXTUAL.includes(operator)) return `no operator ${operator} of strings`;
      return operator === '!='
        ? (node) => !keyword.of(node).includes(value)
        : (node) => keyword.of(node).some((actual) => strings(actual, operator, value));
  }
}

/** An annotation's value has the type it was recorded with; another type never matches. */
export function annotationComparison(
  key: string,
  operator: Operator,
  value: AnnotationValue,
): Predicate | string {
  const allowed =
    typeof value === 'number' ? NUMERIC : typeof value === 'string' ? TEXTUAL : NUMERIC.slice(0, 2);
  if (!allowed.includes(operator)) return `no operator ${operator} of such a value`;
  const matches = (actual: AnnotationValue): boolean => {
    if (typeof actual === 'number' && typeof value === 'number') {
      return numbers(actual, operator, value);
    }
    if (typeof actual === 'string' && typeof value === 'string') {
      return strings(actual, operator, value);
    }
    if (typeof actual !== typeof value) return false;
    return (actual === value) === (operator === '=');
  };
  return ({ annotations }) => annotations.get(key)?.some(matches) ?? false;
}

function numbers(actual: number, operator: Operator, value: number): boolean {
  switch (operator) {
    case '=':
      return actual === value;
    case '!=':
      return actual !== value;
    case '<':
      return actual < value;
    case '<=':
      return actual <= value;
    case '>':
      return actual > value;
    default:
      return actual >= value;
  }
}

function strings(actual: string, operator: Operator, value: string): boolean {
  switch (operator) {
    case '=':
      return actual === value;
    case '!=':
      return actual !== value;
    case 'CONTAINS':
      return actual.includes(value);
    case 'BEGINSWITH':
      return actual.startsWith(value);
    default:
      return actual.endsWith(value);
  }
}
