import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTraceHeader, parseTraceHeader, traceOf } from './trace-header.ts';

const ROOT = '1-5e66d96f-7491f09a2b3c4d5e6f708192';
const PARENT = '53995c3f42cd8ad8';
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const root = fc.tuple(hex(8), hex(24)).map(([time, id]) => `1-${time}-${id}`);

test('fields are read by name, in any order, among unknown ones', () => {
  expect(
    parseTraceHeader(`Self=1-67891233-abcdef012345678912345678;Root=${ROOT};CalledFrom=app`),
  ).toEqual({ root: ROOT, parent: null, sampled: null });
  expect(parseTraceHeader(`Sampled=0; Parent=${PARENT} ;root=${ROOT};Lineage=a:0|b:0`)).toEqual({
    root: ROOT,
    parent: PARENT,
    sampled: false,
  });
});

test('whatever the order and whatever stands between, the fields come out', () => {
  const other = fc.tuple(
    fc.constantFrom('Self', 'CalledFrom', 'Lineage', 'X'),
    fc.string().filter((text) => !text.includes(';')),
  );
  fc.assert(
    fc.property(
      root,
      hex(16),
      fc.boolean(),
      fc.array(other),
      fc.infiniteStream(fc.nat(9)),
      (id, parent, sampled, others, order) => {
        const fields = [
          `Root=${id}`,
          `Parent=${parent}`,
          `Sampled=${sampled ? 1 : 0}`,
          ...others.map((pair) => pair.join('=')),
        ];
        const keyed = fields.map((field) => ({ field, key: order.next().value as number }));
        const header = keyed.sort((a, b) => a.key - b.key).map(({ field }) => field);
        expect(parseTraceHeader(header.join(';'))).toEqual({ root: id, parent, sampled });
      },
    ),
  );
});

test('any text is parsed to well-formed fields or none', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { root: found, parent } = parseTraceHeader(text);
      expect(found === null || /^1-[0-9a-f]{8}-[0-9a-f]{24}$/.test(found)).toBe(true);
      expect(parent === null || /^[0-9a-f]{16}$/.test(parent)).toBe(true);
    }),
  );
});

test('what is formatted is parsed back', () => {
  fc.assert(
    fc.property(root, fc.option(hex(16)), fc.boolean(), (id, parent, sampled) => {
      expect(parseTraceHeader(formatTraceHeader(id, parent, sampled))).toEqual({
        root: id,
        parent,
        sampled,
      });
    }),
  );
});

test('a request without a usable root begins a trace of its own', () => {
  const atUs = 0x5e66d96f * 1e6;
  for (const header of [undefined, '', 'Root=1-2-3;Parent=53995c3f42cd8ad8', 'Sampled=?']) {
    const trace = traceOf(header, atUs, true);
    expect(trace.root).toMatch(/^1-5e66d96f-[0-9a-f]{24}$/);
    expect(trace).toMatchObject({ parent: null, sampled: true });
  }
  expect(traceOf(`Root=${ROOT}`, atUs, false)).toEqual({
    root: ROOT,
    parent: null,
    sampled: false,
  });
  expect(traceOf(`Root=${ROOT};Sampled=1`, atUs, false).sampled).toBe(true);
});
