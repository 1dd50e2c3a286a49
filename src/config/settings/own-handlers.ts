import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { UsageError } from '../../base/errors.ts';
import { RUNTIMES } from '../../model/endpoint.ts';
import type { HandlerSource, OwnHandlers } from '../../model/own-handler.ts';
import { readEnvFile } from '../env-file.ts';
import type { Chosen } from './choose.ts';
import { SETTINGS } from './table.ts';
import { distinct, oneOf } from './values.ts';

/**
 * The handlers that were asked for, or null. Paths below are absolute (see from-config.ts). `base`: what
 * a gate compares each with.
 */
export function ownHandlers(chosen: Chosen, cwd: string, base?: HandlerSource): OwnHandlers | null {
  const written = chosen.raw('handler');
  if (written === undefined) return null;
  const named = chosen.named('handler');
  const handlers = written.map((text) => handlerOf(text, named, cwd));
  distinct(
    handlers.map(({ file, exportName }) => `${file}#${exportName}`),
    named,
  );
  const names = uniqueNames(handlers);
  const path = (key: 'operations' | 'variables' | 'schema' | 'envFile') => {
    const raw = chosen.raw(key);
    return raw === undefined ? null : resolve(cwd, raw);
  };
  const envFile = path('envFile');
  return {
    handlers: handlers.map((handler, index) => ({
      name: names[index] as string,
      ...handler,
      ...(base !== undefined && { base }),
    })),
    runtime: oneOf(
      chosen.raw('runtime') ?? SETTINGS.runtime.default,
      chosen.named('runtime'),
      RUNTIMES,
    ),
    environment: envFile === null ? {} : readEnvFile(envFile, chosen.named('envFile')),
    operations: path('operations') as string,
    variables: path('variables'),
    schema: path('schema'),
    named: {
      handler: named,
      operations: chosen.named('operations'),
      variables: chosen.named('variables'),
      schema: chosen.named('schema'),
    },
  };
}

/** `./dist/graphql.js#handler`; the export is `handler` unless told. */
export function handlerOf(text: string, named: string, cwd: string): HandlerSource {
  const at = text.lastIndexOf('#');
  const file = resolve(cwd, at === -1 ? text : text.slice(0, at));
  const exportName = at === -1 ? 'handler' : text.slice(at + 1);
  if (exportName === '') throw new UsageError(`${named}: "${text}" names no export after its "#"`);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new UsageError(`${named}: there is no file ${file}`);
  }
  return { file, exportName };
}

/**
 * Short names for cells: the file's base name; where two are the same, with the folder above; where
 * that does not tell them apart, with the export, and at last with their number.
 */
export function uniqueNames(handlers: readonly HandlerSource[]): string[] {
  const base = ({ file }: HandlerSource) => basename(file).replace(/\.[cm]?[jt]s$/, '');
  const folder = ({ file }: HandlerSource) => basename(dirname(file));
  const ways: ((handler: HandlerSource, index: number) => string)[] = [
    base,
    (one) => `${folder(one)}-${base(one)}`,
    (one) => `${folder(one)}-${base(one)}-${one.exportName}`,
    (one, index) => `${base(one)}-${index + 1}`,
  ];
  const named = ways.map((way) => handlers.map((one, index) => plain(way(one, index))));
  const chosen = handlers.map((_, index) => {
    const unique = named.find(
      (names) => names.filter((name) => name === names[index]).length === 1,
    );
    return unique?.[index] ?? `handler-${index + 1}`;
  });
  // A short name may be another's long one.
  return new Set(chosen).size === chosen.length
    ? chosen
    : handlers.map((_, index) => `handler-${index + 1}`);
}

/** Names stand in ids of cells and in names of functions. */
function plain(name: string): string {
  const short = name.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 24);
  return short.replaceAll(/^-+|-+$/g, '') || 'handler';
}
