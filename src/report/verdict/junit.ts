import type { GateCause, GateResult, GateRow } from '../../model/gate.ts';
import { exampleTexts, partTexts } from './why-words.ts';
import {
  baseText,
  changeIntervalText,
  changeText,
  elsewhereText,
  headText,
  methodText,
  pText,
  roundsText,
  rowName,
  sidesText,
  toleranceText,
  verdictText,
} from './words.ts';
import { attribute, text } from './xml.ts';

/**
 * JUnit XML as Jenkins, GitLab and GitHub's reporters read it: a case a row, `classname` the cell,
 * `name` the metric. GitLab knows a case by both and drops a second one of the same. What is
 * inconclusive is skipped; so is what fails an advisory gate, which fails no build. Elements and
 * attributes are those of Jenkins' schema (xunit-plugin, junit-10.xsd).
 */
export function renderGateJunit(result: GateResult): string {
  const cases = casesOf(result);
  const count = (outcome: Outcome) => cases.filter((one) => one.outcome === outcome).length;
  const time = result.tookS.toFixed(3);
  const counts = [
    attribute('tests', String(cases.length)),
    attribute('failures', String(count('failure'))),
    attribute('errors', '0'),
  ].join(' ');
  // All rows rest on the same trials: readers that add up the cases find the time of the suite.
  const share = (result.tookS / cases.length).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attribute('name', 'bench gate')} ${counts} ${attribute('time', time)}>`,
    `  <testsuite ${attribute('name', sidesText(result))} ${counts} ${attribute('skipped', String(count('skipped')))} ${attribute('time', time)} ${attribute('timestamp', result.createdAt)}>`,
    '    <properties>',
    ...propertiesOf(result).map(
      ([name, value]) =>
        `      <property ${attribute('name', name)} ${attribute('value', value)}/>`,
    ),
    '    </properties>',
    ...cases.map((one) => caseText(one, share)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

type Outcome = 'passed' | 'failure' | 'skipped';

interface Case {
  classname: string;
  name: string;
  outcome: Outcome;
  type: 'pass' | 'regression' | 'budget' | 'inconclusive';
  message: string;
  body: string;
}

function caseText({ classname, name, outcome, type, message, body }: Case, timeS: string): string {
  const start = `    <testcase ${attribute('classname', classname)} ${attribute('name', name)} ${attribute('time', timeS)}`;
  if (outcome === 'passed') return `${start}><system-out>${text(body)}</system-out></testcase>`;
  const about = `${attribute('message', message)} ${attribute('type', type)}`;
  return `${start}><${outcome} ${about}>${text(body)}</${outcome}></testcase>`;
}

/** One for the whole where there are no rows: readers take a file without cases for a broken one. */
function casesOf(result: GateResult): Case[] {
  if (result.rows.length === 0) {
    const message = result.notes[0] ?? roundsText(result);
    const row = { classname: 'gate', name: 'verdict', message, body: result.notes.join('\n') };
    return [{ ...row, ...outcomeOf(result.verdict, result.advisory, 'regression') }];
  }
  const classnames = classnamesOf(result.rows);
  return result.rows.map((row) => ({
    classname: classnames.get(row.cellId) ?? row.cellId,
    name: rowName(row),
    message: row.reason,
    body: bodyOf(row, result),
    ...outcomeOf(row.verdict, result.advisory, row.kind === 'budget' ? 'budget' : 'regression'),
  }));
}

function outcomeOf(verdict: GateRow['verdict'], advisory: boolean, failed: Case['type']) {
  if (verdict === 'pass') return { outcome: 'passed', type: 'pass' } as const;
  if (verdict === 'inconclusive') return { outcome: 'skipped', type: 'inconclusive' } as const;
  return { outcome: advisory ? 'skipped' : 'failure', type: failed } as const;
}

/** `dynamo · 1024 MB` → `dynamo.1024`; the cell's id where a label has nothing or is not alone. */
function classnamesOf(rows: readonly GateRow[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { cellId, label } of rows) {
    names.set(cellId, label.replace(/ MB\b/g, '').split(' · ').join('.').trim());
  }
  const all = [...names.values()];
  const seen = new Map<string, number>();
  for (const name of all) seen.set(name, (seen.get(name) ?? 0) + 1);
  return new Map(
    [...names].map(([id, name]) => [id, name === '' || seen.get(name) !== 1 ? id : name]),
  );
}

function bodyOf(row: GateRow, result: GateResult): string {
  const interval = changeIntervalText(row);
  const figures = [
    `cell ${row.cellId}`,
    `base ${baseText(row)}, head ${headText(row)}`,
    `change ${changeText(row)}${interval === '' ? '' : ` ${interval}`}, tolerance ${toleranceText(row)}`,
    ...(row.p === null
      ? []
      : [`p (Holm) ${pText(row.p.failAdjusted)}, sign-flip p ${pText(row.p.signFlip)}`]),
    ...(row.kind === 'exact' ? [] : [`pairs ${row.pairs}`]),
  ];
  const why = result.causes
    .filter(({ cellId, metric }) => cellId === row.cellId && metric === row.metric)
    .flatMap(causeTexts);
  return [row.reason, ...figures, ...why].join('\n');
}

function causeTexts(cause: GateCause): string[] {
  const parts = partTexts(cause.parts).map(
    ({ part, base, head, growth, interval }) =>
      `  ${part}: ${base} → ${head}, growth ${growth} ${interval}`,
  );
  return [`why: ${cause.sentence}`, ...parts, ...exampleTexts(cause)];
}

function propertiesOf(result: GateResult): [string, string][] {
  return [
    ['verdict', verdictText(result)],
    ['rounds', roundsText(result)],
    ['mode', result.mode],
    ['alpha', String(result.alpha)],
    ['base', result.base?.commit ?? result.base?.label ?? ''],
    ['head', result.head.commit ?? result.head.label],
    ['run', result.runId],
    ['tool', result.tool],
    ['all of it', elsewhereText(result)],
    ['method', methodText(result)],
    ...result.notes.map((note): [string, string] => ['note', note]),
  ].filter((property): property is [string, string] => property[1] !== '');
}
