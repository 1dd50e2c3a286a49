/** What a filter expression can ask of a trace, or of one segment of it. */
export interface Node {
  name: string;
  /** The origin, e.g. `AWS::Lambda`. */
  type: string;
  ok: boolean;
  error: boolean;
  throttle: boolean;
  fault: boolean;
  /** A segment of it is in progress. */
  partial: boolean;
  inferred: boolean;
  root: boolean;
  responseTimeS: number;
  durationS: number;
  url: string | null;
  method: string | null;
  userAgent: string | null;
  clientIp: string | null;
  status: number | null;
  users: readonly string[];
  resourceArn: string | null;
  annotations: ReadonlyMap<string, readonly AnnotationValue[]>;
}

export type AnnotationValue = string | number | boolean;

/** A trace as filters see it. */
export interface TraceView {
  /** The root's figures, everyone's annotations and users, the duration of all of it. */
  whole: Node;
  segments: readonly Node[];
  /** Calls from one segment's service to another's; the node is the one that was called. */
  edges: readonly { from: Node; to: Node }[];
}

/** `type` decides which operators there are. */
export type Keyword =
  | { type: 'boolean'; of(node: Node): boolean }
  | { type: 'number'; of(node: Node): number | null }
  | { type: 'string'; of(node: Node): readonly string[] };

const flag = (of: (node: Node) => boolean): Keyword => ({ type: 'boolean', of });
const figure = (of: (node: Node) => number | null): Keyword => ({ type: 'number', of });
const text = (of: (node: Node) => string | null): Keyword => ({
  type: 'string',
  of: (node) => {
    const value = of(node);
    return value === null ? [] : [value];
  },
});

/** Of the X-Ray developer guide's page on filter expressions: those a segment of ours can have. */
export const KEYWORDS: ReadonlyMap<string, Keyword> = new Map([
  ['ok', flag(({ ok }) => ok)],
  ['error', flag(({ error }) => error)],
  ['throttle', flag(({ throttle }) => throttle)],
  ['fault', flag(({ fault }) => fault)],
  ['partial', flag(({ partial }) => partial)],
  ['inferred', flag(({ inferred }) => inferred)],
  ['root', flag(({ root }) => root)],
  ['responsetime', figure(({ responseTimeS }) => responseTimeS)],
  ['duration', figure(({ durationS }) => durationS)],
  ['http.status', figure(({ status }) => status)],
  ['http.url', text(({ url }) => url)],
  ['http.method', text(({ method }) => method)],
  ['http.useragent', text(({ userAgent }) => userAgent)],
  ['http.clientip', text(({ clientIp }) => clientIp)],
  ['user', { type: 'string', of: ({ users }) => users }],
  ['name', text(({ name }) => name)],
  ['type', text(({ type }) => type)],
  ['resource.arn', text(({ resourceArn }) => resourceArn)],
]);
