import { UsageError } from '../base/errors.ts';
import type { BackendOffer } from '../model/ports.ts';
import type { RunOptions } from './run-options.ts';
import type { SettingKey } from './settings/table.ts';

/** How messages call a setting, where it is not a flag that said it (settings/choose.ts). */
export type Named = (key: SettingKey) => string;

/** The factors whose levels depend on the backend, by the setting that names them. */
export const BACKEND_FACTORS = ['server', 'variant', 'dataLayer', 'dataset', 'batching'] as const;
type BackendFactor = (typeof BACKEND_FACTORS)[number];

/** The levels that were asked for, as they are written; null: the backend's first. */
function askedLevels(key: BackendFactor, options: RunOptions): readonly string[] | null {
  switch (key) {
    case 'server':
      return options.servers;
    case 'variant':
      return options.variants;
    case 'dataLayer':
      return options.dataLayers;
    case 'dataset':
      return options.datasets;
    case 'batching':
      return options.batching?.map(onOff) ?? null;
  }
}

function offeredLevels(key: BackendFactor, backend: BackendOffer): readonly string[] {
  switch (key) {
    case 'server':
      return backend.servers;
    case 'variant':
      return backend.variants.map(nameOf);
    case 'dataLayer':
      return backend.dataLayers;
    case 'dataset':
      return backend.datasets;
    case 'batching':
      return backend.batching.map(onOff);
  }
}

/** What was asked for and one backend of the plan does not have, as sentences. */
export function missingLevels(options: RunOptions, backends: readonly BackendOffer[]): string[] {
  return backends.flatMap((backend) =>
    BACKEND_FACTORS.flatMap((key) => {
      const there = offeredLevels(key, backend);
      const asked = askedLevels(key, options) ?? [];
      if (asked.length === 0) return [];
      if (there.length === 0) return [`${backend.name} has one ${key} only: it counts once`];
      return asked
        .filter((level) => !there.includes(level))
        .map((level) => `${backend.name} has no ${key} ${level}: no cell of it`);
    }),
  );
}

/** A level must be there for at least one backend of the plan. */
export function checkLevels(
  key: BackendFactor,
  options: RunOptions,
  backends: readonly BackendOffer[],
  named: string,
): void {
  const all = [...new Set(backends.flatMap((backend) => offeredLevels(key, backend)))];
  for (const level of askedLevels(key, options) ?? []) {
    if (all.includes(level)) continue;
    if (all.length > 0) throw unknownName(named, level, all);
    const names = backends.map(nameOf).join(' and ');
    throw new UsageError(
      `${named}: ${names} ${backends.length === 1 ? 'has' : 'have'} one way only; leave it out`,
    );
  }
}

/** Every level is there for some backend, but for this one there is no combination of them. */
export function nothingLeft(backend: BackendOffer, options: RunOptions, named: Named): UsageError {
  const { name } = backend;
  const lacking = BACKEND_FACTORS.find((key) => {
    const there = offeredLevels(key, backend);
    const asked = askedLevels(key, options);
    return there.length > 0 && asked !== null && !asked.some((level) => there.includes(level));
  });
  if (lacking === undefined)
    return new UsageError(`${named('backend')}: nothing is left of ${name}`);
  const asked = (askedLevels(lacking, options) ?? []).join(', ');
  const there = offeredLevels(lacking, backend).join(', ');
  return new UsageError(
    `${named(lacking)}: ${name} has no ${asked}, which leaves nothing of it to measure; add one of ${there}, or leave ${name} out of ${named('backend')}`,
  );
}

export function nameOf({ name }: { name: string }): string {
  return name;
}

function onOff(batching: boolean): string {
  return batching ? 'on' : 'off';
}

export function unknownName(named: string, value: string, choices: readonly string[]): UsageError {
  return new UsageError(`${named}: there is no "${value}" here; choose from ${choices.join(', ')}`);
}
