import { Instant } from './instant.ts';

/**
 * CloudWatch's query protocol, of clients from before 2025: a form with `Action`, lists as
 * `Name.member.1`, structures as `Name.Member`; answers and errors in XML.
 */

const NAMESPACE = 'http://monitoring.amazonaws.com/doc/2010-08-01/';
const MOST_FIELDS = 20_000;
const MOST_MEMBERS = 1000;
const DEEPEST = 12;

/** Members that are no strings. Instants become epoch seconds. */
const NUMBERS = new Set(['Period', 'MaxDatapoints', 'MaxRecords']);
const FLAGS = new Set(['ReturnData', 'IncludeLinkedAccounts']);
const INSTANTS = new Set(['StartTime', 'EndTime']);
/** Without members they are sent as an empty text. */
const LISTS = new Set(['Dimensions', 'Statistics', 'ExtendedStatistics', 'MetricDataQueries']);

type Form = Map<string, Form | string>;

/**
 * The form's parameters as an object, without Action and Version.
 * @throws Error where it is no such form
 */
export function formOf(text: string): Record<string, unknown> {
  const root: Form = new Map();
  let count = 0;
  for (const [path, value] of new URLSearchParams(text)) {
    count += 1;
    const parts = path.split('.');
    if (count > MOST_FIELDS || parts.length > DEEPEST) throw new Error('too large a form');
    if (path !== 'Action' && path !== 'Version') place(root, parts, value);
  }
  return objectOf(root);
}

export function actionOf(text: string): string | null {
  return new URLSearchParams(text).get('Action');
}

function place(root: Form, parts: readonly string[], value: string): void {
  let at = root;
  parts.forEach((part, i) => {
    if (i === parts.length - 1) {
      at.set(part, value);
      return;
    }
    let next = at.get(part);
    if (!(next instanceof Map)) {
      next = new Map();
      at.set(part, next);
    }
    at = next;
  });
}

function objectOf(form: Form): Record<string, unknown> {
  const object: Record<string, unknown> = Object.create(null);
  for (const [name, value] of form) object[name] = typedValue(name, value);
  return object;
}

function typedValue(name: string, value: Form | string): unknown {
  if (value instanceof Map) {
    const members = value.get('member');
    return members instanceof Map ? listOf(name, members) : objectOf(value);
  }
  if (LISTS.has(name) && value === '') return [];
  if (NUMBERS.has(name)) return value.trim() === '' ? Number.NaN : Number(value);
  if (FLAGS.has(name)) return value === 'true';
  return INSTANTS.has(name) ? Date.parse(value) / 1000 : value;
}

/** In order of the numbers, which need not be without gaps. */
function listOf(name: string, members: Form): unknown[] {
  if (members.size > MOST_MEMBERS) throw new Error('too many members');
  return [...members]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, member]) => typedValue(name, member));
}

export function xmlAnswer(
  operation: string,
  result: Readonly<Record<string, unknown>>,
  requestId: string,
): string {
  return (
    `<${operation}Response xmlns="${NAMESPACE}"><${operation}Result>${membersOf(result)}` +
    `</${operation}Result><ResponseMetadata><RequestId>${requestId}</RequestId>` +
    `</ResponseMetadata></${operation}Response>`
  );
}

export function xmlError(status: number, code: string, message: string, requestId: string): string {
  const type = status < 500 ? 'Sender' : 'Receiver';
  return (
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${type}</Type><Code>${escaped(code)}</Code>` +
    `<Message>${escaped(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  );
}

/** A map of the protocol: its keys are data, not names of elements. */
const MAPS = new Set(['ExtendedStatistics']);

function membersOf(object: Readonly<Record<string, unknown>>): string {
  return Object.entries(object)
    .map(
      ([name, value]) =>
        `<${name}>${MAPS.has(name) ? entriesOf(value) : contentOf(value)}</${name}>`,
    )
    .join('');
}

function contentOf(value: unknown): string {
  if (value instanceof Instant) return new Date(value.epochS * 1000).toISOString();
  if (Array.isArray(value)) {
    return value.map((member) => `<member>${contentOf(member)}</member>`).join('');
  }
  return typeof value === 'object' && value !== null
    ? membersOf(value as Record<string, unknown>)
    : escaped(String(value));
}

function entriesOf(map: unknown): string {
  return Object.entries(map as Record<string, unknown>)
    .map(
      ([key, value]) =>
        `<entry><key>${escaped(key)}</key><value>${contentOf(value)}</value></entry>`,
    )
    .join('');
}

/** Characters XML cannot hold at all are left out. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
