import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildGo, hasGo } from '../testing/build-go.ts';
import { startTestEmulator, type TestEmulator } from '../testing/with-emulator.ts';
import type { Front } from './front.ts';
import { lastEvent, sendRaw } from './testing/raw-request.ts';

/** Events as the official structs of Go (aws-lambda-go/events) read and write them. */

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
interface Fields {
  [name: string]: Json;
}

const KINDS = ['rest-api', 'http-api', 'function-url'] as const;
type Kind = (typeof KINDS)[number];

/** What AWS sends and the structs have no field for. */
const UNKNOWN_TO_GO: Record<Kind, string[]> = {
  'rest-api': ['requestContext.deploymentId', 'requestContext.identity.principalOrgId'],
  'http-api': [],
  'function-url': ['routeKey', 'requestContext.routeKey', 'requestContext.stage'],
};

const REQUESTS: [
  method: string,
  query: string,
  headers: [string, string][],
  body: string | Buffer,
][] = [
  ['GET', '', [], ''],
  ['POST', '?a=1&a=2&é=%C3%A9&empty=', [['Content-Type', 'application/json']], '{"q":"é"}'],
  ['POST', '', [['Cookie', 'a=1; b=2']], Buffer.from([0, 255])],
  [
    'DELETE',
    '?__proto__=1',
    [
      ['X-Twice', 'a'],
      ['X-Twice', 'b'],
      ['User-Agent', 'test'],
    ],
    '',
  ],
];

const title = 'the official events of Go';

describe.skipIf(!hasGo)(hasGo ? title : `${title}: NOT TRIED, go is not installed`, () => {
  let folder = '';
  let tested: TestEmulator;
  const fronts = new Map<Kind, Front>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bench-go-'));
    buildGo('go-events', join(folder, 'go-events'));
    tested = await startTestEmulator();
    for (const kind of KINDS) fronts.set(kind, await tested.emulator.addFront(kind, 'f'));
    const settings = {
      resource: '/{proxy+}',
      stageVariables: { table: 'tweets' },
      binaryMediaTypes: ['*/*'],
    };
    fronts.set('rest-api', await tested.emulator.addFront('rest-api', 'f', 0, settings));
  }, 300_000);

  afterAll(async () => {
    await tested?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function readByGo(events: { kind: Kind; event: Fields }[]): { problem: string; event: Fields }[] {
    const run = spawnSync(join(folder, 'go-events'), {
      input: events.map((each) => JSON.stringify(each)).join('\n'),
      encoding: 'utf8',
    });
    expect(run).toMatchObject({ status: 0, stderr: '' });
    return run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  test.each(KINDS)('have a field for all of a %s, and the same values', async (kind) => {
    const unknown = UNKNOWN_TO_GO[kind];
    const events: { kind: Kind; event: Fields }[] = [];
    for (const [method, query, headers, body] of REQUESTS) {
      const url = fronts.get(kind)?.url ?? '';
      const path = `${new URL(url).pathname}a%20b${query}`;
      await sendRaw(url, method, { path, headers, body });
      events.push({ kind, event: lastEvent(tested) });
    }
    // It names the first field it does not know.
    const problems = unknown.map((path) => `json: unknown field "${path.split('.').at(-1)}"`);
    for (const { problem } of readByGo(events)) {
      expect(unknown.length === 0 ? [''] : problems).toContain(problem);
    }
    const known = events.map(({ event }) => ({ kind, event: without(event, unknown) }));
    for (const [index, { problem, event }] of readByGo(known).entries()) {
      expect(problem).toBe('');
      expect(differences(known[index]?.event ?? {}, event)).toEqual([]);
    }
  });
});

/** @param paths each must be there */
function without(fields: Fields, paths: string[], at = ''): Fields {
  const kept = Object.entries(fields).filter(([name]) => !paths.includes(at + name));
  const gone = paths.filter((path) => path.startsWith(at) && !path.slice(at.length).includes('.'));
  expect(kept).toHaveLength(Object.keys(fields).length - gone.length);
  return Object.fromEntries(
    kept.map(([name, value]) => [
      name,
      paths.some((path) => path.startsWith(`${at}${name}.`))
        ? without(value as Fields, paths, `${at}${name}.`)
        : value,
    ]),
  );
}

/** Where `theirs` has not what `ours` has; Go has no null, and leaves out what is empty. */
function differences(ours: Fields, theirs: Fields, at = ''): string[] {
  return Object.entries(ours).flatMap(([name, value]) => {
    const path = `${at}.${name}`;
    const other = theirs[name];
    if (isEmpty(value)) return isEmpty(other) ? [] : [path];
    if (isFields(value)) {
      return isFields(other) ? differences(value, other, path) : [path];
    }
    return JSON.stringify(value) === JSON.stringify(other) ? [] : [path];
  });
}

function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || value === false;
}
