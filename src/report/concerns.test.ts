import { expect, test } from 'vitest';
import type { Analysis, Check } from '../model/analysis.ts';
import type { Warning } from '../model/warning.ts';
import { concernsOf } from './concerns.ts';
import { sampleAnalysis } from './testing/sample-analysis.ts';

function analysisOf(
  checks: readonly Pick<Check, 'name' | 'state' | 'shown'>[],
  warnings: readonly Pick<Warning, 'code' | 'severity' | 'message'>[],
): Analysis {
  const analysis = sampleAnalysis({ memoriesMb: [1024], trials: 1 });
  const [cell] = analysis.cells;
  if (!cell) throw new Error('no cell');
  cell.validity.checks = checks.map((check) => ({
    ...check,
    label: check.name,
    value: 1,
    threshold: '0',
    why: '',
    about: 'measurement',
  }));
  analysis.warnings = warnings.map((warning) => ({ ...warning, cellId: cell.cell.id, trial: 1 }));
  return analysis;
}

const texts = (analysis: Analysis) => concernsOf(analysis).map(({ text }) => text);
const voiding = (shown: string) => ({ name: 'voiding-warnings', state: 'void', shown }) as const;

test.each(['trial-interrupted', 'trial-failed'])('%s is said once', (code) => {
  const analysis = analysisOf(
    [{ name: 'finished-trials', state: 'void', shown: 'all (stopped)' }, voiding('stopped')],
    [{ code, severity: 'void', message: 'stopped' }],
  );
  expect(texts(analysis)).toEqual(['finished-trials: all (stopped) (sound: 0)']);
});

test('voiding warnings that no check has are listed themselves, once', () => {
  const analysis = analysisOf(
    [voiding('2, the first: a')],
    ['a', 'b', 'a'].map((message) => ({ code: 'new', severity: 'void', message })),
  );
  expect(texts(analysis)).toEqual(['a (2 times)', 'b']);
});

test('what voids a cell is said, where the check of it is milder or no warning is left', () => {
  const milder = analysisOf(
    [{ name: 'dropped-iterations', state: 'doubtful', shown: '1 of 2,000' }, voiding('1 dropped')],
    [{ code: 'dropped-iterations', severity: 'void', message: '1 dropped' }],
  );
  expect(texts(milder)).toEqual([
    'voiding-warnings: 1 dropped (sound: 0)',
    'dropped-iterations: 1 of 2,000 (sound: 0)',
  ]);
  expect(texts(analysisOf([voiding('gone')], []))).toEqual(['voiding-warnings: gone (sound: 0)']);
});

test('a trial that is left out is told by its own list, too many to leave out by a concern', () => {
  const analysis = sampleAnalysis({ memoriesMb: [1024], trials: 5 });
  const said = () => concernsOf(analysis).filter(({ text }) => text.startsWith('Trials that'));
  expect(said()).toEqual([]);
  const check = analysis.cells[0]?.validity.checks.find(({ name }) => name === 'trials-left-out');
  if (!check) throw new Error('no trial is left out');
  check.state = 'void';
  expect(said()).toHaveLength(1);
});

test('of a trial that is left out no warning is said', () => {
  const analysis = analysisOf([], [{ code: 'no-traces', severity: 'doubtful', message: 'none' }]);
  expect(texts(analysis)).toEqual(['none']);
  const trial = analysis.cells[0]?.validity.trials.find((one) => one.trial === 1);
  if (!trial) throw new Error('no trial');
  trial.used = false;
  expect(texts(analysis)).toEqual([]);
});

test('an endpoint of which nothing is known is told of once, not by all that is lacking for it', () => {
  const analysis = sampleAnalysis({ trials: 1 });
  const [first] = analysis.cells;
  if (!first) throw new Error('no cell');
  first.cell.endpoint.memoryMb = null;
  analysis.warnings = ['client-side-only', 'xray-unavailable', 'no-reports'].map((code) => ({
    code,
    severity: 'note' as const,
    message: code,
    ...(code !== 'client-side-only' && { cellId: first.cell.id, trial: 1 }),
  }));
  const notes = concernsOf(analysis).filter(({ severity }) => severity === 'note');
  expect(notes.map(({ text }) => text)).toEqual(['client-side-only']);
});
