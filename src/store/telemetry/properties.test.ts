import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Node, parseDocument } from './document.ts';
import { traceFacts, unionUs } from './facts.ts';
import { parseTrace } from './parse-trace.ts';
import { assignRoles } from './roles.ts';

/** Anything at all where a document has something. */
const junk = fc.oneof(fc.jsonValue(), fc.constant(undefined));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 6, arbitrary }, { weight: 1, arbitrary: junk });
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', '');
const instant = fc.oneof(
  fc.double({ min: 1.7e9, max: 1.7e9 + 2, noNaN: true }),
  fc.integer({ min: 0, max: 2000 }).map((ms) => 1.7e9 + ms / 1000),
);
const fields = (subsegments: fc.Arbitrary<unknown>) =>
  fc.record(
    {
      id: maybe(id),
      parent_id: maybe(id),
      name: maybe(
        fc.constantFrom('f', 'Init', 'Initialization', 'Invocation', 'Overhead', 'DynamoDB'),
      ),
      origin: maybe(
        fc.constantFrom('AWS::Lambda', 'AWS::Lambda::Function', 'AWS::ApiGateway::Stage', 'x'),
      ),
      namespace: maybe(fc.constantFrom('aws', 'remote')),
      type: maybe(fc.constant('subsegment')),
      start_time: maybe(instant),
      end_time: maybe(instant),
      in_progress: maybe(fc.boolean()),
      inferred: maybe(fc.boolean()),
      aws: maybe(fc.record({ request_id: maybe(fc.string()) })),
      subsegments,
    },
    { requiredKeys: ['id', 'start_time'] },
  );
const { segment } = fc.letrec((tie) => ({
  segment: fields(maybe(fc.array(tie('segment'), { maxLength: 4 }))),
}));
const documentText = fc.oneof(
  segment.map((s) => JSON.stringify(s)),
  fc.string(),
  fc.json(),
);

test('no document makes the parser throw, and what it understood is well formed', () => {
  fc.assert(
    fc.property(fc.array(documentText, { maxLength: 5 }), (documents) => {
      const nodes: Node[] = [];
      for (const text of documents) {
        const before = nodes.length;
        const problems = parseDocument(text, nodes);
        // A document gives something, or says why not.
        expect(nodes.length > before || problems.length > 0).toBe(true);
      }
      for (const node of nodes) {
        expect(Number.isSafeInteger(node.startedUs)).toBe(true);
        expect(node.endedUs === null || node.endedUs >= node.startedUs).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('the facts of any trace are whole numbers, none below zero, the backend within the invocation', () => {
  fc.assert(
    fc.property(fc.array(documentText, { maxLength: 6 }), (documents) => {
      const nodes: Node[] = [];
      for (const text of documents) parseDocument(text, nodes);
      const facts = traceFacts(assignRoles(nodes));
      for (const key of [
        'gatewayUs',
        'serviceUs',
        'initUs',
        'invocationUs',
        'overheadUs',
      ] as const) {
        const value = facts[key];
        expect(value === null || (Number.isSafeInteger(value) && value >= 0)).toBe(true);
      }
      expect(facts.backendUs ?? 0).toBeLessThanOrEqual(facts.invocationUs ?? 0);
    }),
    {
      numRuns: 1000,
      examples: [
        [
          [
            '{"id":"f","parent_id":"a","origin":"AWS::Lambda::Function","start_time":1700000000}',
            '{"id":"a","origin":"AWS::Lambda","start_time":1700000000.0009995}',
          ],
        ],
      ],
    },
  );
});

test('any line is a trace, or is described', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        segment.map((s) => JSON.stringify({ Id: 'x', Segments: [s, { Id: 'y' }] })),
      ),
      (line) => {
        const damage: string[] = [];
        const trace = parseTrace(line, (description) => damage.push(description));
        expect(trace !== null || damage.length === 1).toBe(true);
      },
    ),
  );
});

/** False where roles or choices could rest on order: an id or an instant twice, a cycle of parents. */
function isTree(nodes: readonly Node[]): boolean {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  if (byId.size < nodes.length) return false;
  if (new Set(nodes.map((node) => node.startedUs)).size < nodes.length) return false;
  return nodes.every((node) => {
    let current: Node | undefined = node;
    for (let steps = 0; current !== undefined; steps += 1) {
      if (steps > nodes.length) return false;
      current = current.parentId === null ? undefined : byId.get(current.parentId);
    }
    return true;
  });
}

test('the order of documents does not matter', () => {
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 4 }), (segments) => {
      const parsed = (list: readonly unknown[]) => {
        const nodes: Node[] = [];
        for (const item of list) parseDocument(JSON.stringify(item), nodes);
        return nodes;
      };
      const nodes = parsed(segments);
      fc.pre(isTree(nodes));
      const reversed = traceFacts(assignRoles(parsed(segments.toReversed())));
      expect(reversed).toEqual(traceFacts(assignRoles(nodes)));
    }),
  );
});

test('a document nested without end is refused, not followed', () => {
  let text = '{"id":"x","start_time":1.7e9}';
  for (let i = 0; i < 3000; i += 1)
    text = `{"id":"x${i}","start_time":1.7e9,"subsegments":[${text}]}`;
  const nodes: Node[] = [];
  expect(parseDocument(text, nodes)).toEqual(['subsegments nested deeper than 100']);
});

test('the union of intervals is what a count of microseconds gives', () => {
  const interval = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 30 }));
  fc.assert(
    fc.property(
      fc.array(interval, { maxLength: 8 }),
      fc.integer({ min: 0, max: 40 }),
      (drawn, from) => {
        const intervals = drawn.map(([start, length]) => ({
          startedUs: start,
          endedUs: start + length,
        }));
        const clip = { startedUs: from, endedUs: from + 30 };
        let counted = 0;
        for (let at = clip.startedUs; at < clip.endedUs; at += 1) {
          if (intervals.some((i) => i.startedUs <= at && at < i.endedUs)) counted += 1;
        }
        expect(unionUs(intervals, clip)).toBe(counted);
      },
    ),
  );
});
