import { expect, test } from 'vitest';
import type { GateSides } from '../../config/gating/options.ts';
import type { Verdict } from '../../model/gate.ts';
import { exitNote, gateExitCode } from './gate-exit.ts';

const paired: GateSides = { kind: 'revision', against: 'main' };
const baseline = (enforce: boolean): GateSides => ({ kind: 'baseline', path: 'b.json', enforce });

test.each<[Verdict, 'pass' | 'fail' | null, number]>([
  ['pass', null, 0],
  ['pass', 'fail', 0],
  ['fail', null, 99],
  ['fail', 'pass', 99],
  ['inconclusive', null, 98],
  ['inconclusive', 'pass', 0],
  ['inconclusive', 'fail', 99],
])('%s with --inconclusive %s exits with %d', (verdict, inconclusive, code) => {
  expect(gateExitCode({ verdict, advisory: false }, { inconclusive, sides: paired })).toBe(code);
  const enforced = { inconclusive, sides: baseline(true) };
  expect(gateExitCode({ verdict, advisory: true }, enforced)).toBe(code);
  const advice = { inconclusive, sides: baseline(false) };
  expect(gateExitCode({ verdict, advisory: true }, advice)).toBe(0);
});

test('what undecided and advice come to is said', () => {
  const undecided = { verdict: 'inconclusive', advisory: false } as const;
  expect(exitNote(undecided, { inconclusive: null, sides: paired })).toMatch(/98; --inconclusive/);
  expect(exitNote(undecided, { inconclusive: 'pass', sides: paired })).toMatch(/counts as a pass/);
  const advised = { verdict: 'fail', advisory: true } as const;
  expect(exitNote(advised, { inconclusive: null, sides: baseline(false) })).toMatch(/--enforce/);
  expect(exitNote(advised, { inconclusive: null, sides: baseline(true) })).toBeNull();
  const passed = { verdict: 'pass', advisory: false } as const;
  expect(exitNote(passed, { inconclusive: null, sides: paired })).toBeNull();
});
