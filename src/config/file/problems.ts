import type { z } from 'zod';
import { endpointKeys } from '../endpoints/schema.ts';
import { gateKeysAt } from '../gating/schema.ts';
import { LOAD_DEFAULTS, type ScenarioKind } from '../settings/load-profile.ts';
import { nearest } from './nearest.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/**
 * The first problem of a configuration as one sentence: `memory: expected a number or a list of
 * numbers, not "big"`. What stands below a secret setting is not shown. `settings`: the known keys.
 */
export function problemOf(
  issues: readonly Issue[],
  value: unknown,
  settings: readonly string[],
): string {
  const { issue, path } = innermost(issues[0] as Issue, []);
  const where = path.length === 0 ? '' : `${fieldOf(path)}: `;
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] as string;
    const known = keysAt(path, value, settings);
    const close = nearest(key, known);
    const advice = close === null ? `there is ${known.join(', ')}` : `did you mean "${close}"?`;
    return `${where}there is no setting "${key}"; ${advice}`;
  }
  // A list of configurations holds them, too.
  const secret =
    path[0] === 'headers' ||
    path[0] === 'postgresUrl' ||
    (path[0] === 'endpoints' && (path.length < 3 || path[2] === 'headers')) ||
    (path.length === 0 && typeof value === 'object');
  const found = secret ? '' : `, not ${shown(valueAt(value, path))}`;
  return `${where}expected ${issue.message}${found}`;
}

/** Of alternatives, the one that fits best is the one whose problem lies within it. */
function innermost(issue: Issue, above: Path): { issue: Issue; path: Path } {
  const path = [...above, ...issue.path];
  if (issue.code !== 'invalid_union') return { issue, path };
  const within = issue.errors
    .flatMap((alternative) => alternative.slice(0, 1))
    .find((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys');
  return within === undefined ? { issue, path } : innermost(within, path);
}

/** `scenario.hold`, `memory[1]` */
function fieldOf(path: Path): string {
  return path
    .map((key, index) =>
      typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`,
    )
    .join('');
}

function keysAt(path: Path, value: unknown, settings: readonly string[]): readonly string[] {
  switch (path[0]) {
    case 'scenario':
      return keysOfScenario(valueAt(value, path));
    case 'endpoints':
      return endpointKeys();
    case 'gate':
      return gateKeysAt(path.slice(1));
    default:
      return settings;
  }
}

function keysOfScenario(scenario: unknown): string[] {
  const { kind } = scenario as { kind: ScenarioKind };
  return ['kind', ...Object.keys(LOAD_DEFAULTS[kind])];
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (value === undefined) return 'nothing';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
