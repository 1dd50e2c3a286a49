import { z } from 'zod';
import { UsageError } from '../../base/errors.ts';
import { oneOf, split, whole } from '../../config/settings/values.ts';
import { type FrontSettings, INVOKE_MODES } from '../../emulator/fronts/front-settings.ts';
import { REST_TIMEOUT_MS } from '../../emulator/fronts/outcomes.ts';
import { GATEWAY_BODY_BYTES } from '../../emulator/payload-limits.ts';
import type { LOCAL_FRONTS } from '../../targets/local/local-target.ts';

type LocalFront = (typeof LOCAL_FRONTS)[number];

/** Flags of `bench local` that set its front. */
export const frontFlags = {
  invokeMode: z.string().optional(),
  stage: z.string().optional(),
  stageVariables: z.string().optional(),
  resource: z.string().optional(),
  binaryMediaTypes: z.string().optional(),
  minimumCompressionSize: z.string().optional(),
  integrationTimeout: z.string().optional(),
};
type FrontFlags = z.infer<z.ZodObject<typeof frontFlags>>;

/** The fronts that have what a flag sets, as on AWS. */
const FRONTS_OF: Record<keyof FrontFlags, readonly LocalFront[]> = {
  invokeMode: ['function-url'],
  stage: ['rest-api', 'http-api'],
  stageVariables: ['rest-api', 'http-api'],
  resource: ['rest-api'],
  binaryMediaTypes: ['rest-api'],
  minimumCompressionSize: ['rest-api'],
  integrationTimeout: ['rest-api'],
};
/** Source: API Gateway Developer Guide, "Quotas for configuring and running a REST API". */
const TIMEOUT_MIN_MS = 50;

/** @throws UsageError where a flag is not one of the front's, or its value is none */
export function frontSettings(flags: FrontFlags, front: LocalFront): FrontSettings {
  const settings: FrontSettings = {};
  for (const [key, fronts] of Object.entries(FRONTS_OF) as [keyof FrontFlags, LocalFront[]][]) {
    const text = flags[key];
    if (text === undefined) continue;
    const flag = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (!fronts.includes(front)) {
      throw new UsageError(
        `${flag}: ${front} has no such setting; leave it out, or take --front ${fronts.join(' or ')}`,
      );
    }
    Object.assign(settings, settingOf(key, text, flag, front));
  }
  return settings;
}

function settingOf(
  key: keyof FrontFlags,
  text: string,
  flag: string,
  front: LocalFront,
): FrontSettings {
  switch (key) {
    case 'invokeMode':
      return { invokeMode: oneOf(text, flag, INVOKE_MODES) };
    case 'stage':
      return { stage: stageName(text, flag, front) };
    case 'stageVariables':
      return { stageVariables: variables(text, flag) };
    case 'resource':
      return { resource: text };
    case 'binaryMediaTypes':
      return { binaryMediaTypes: split(text, flag).map((type) => mediaType(type, flag)) };
    case 'minimumCompressionSize':
      return { minimumCompressionBytes: whole(text, flag, 0, GATEWAY_BODY_BYTES, 'bytes') };
    case 'integrationTimeout':
      return { integrationTimeoutMs: whole(text, flag, TIMEOUT_MIN_MS, REST_TIMEOUT_MS, 'ms') };
  }
}

function stageName(text: string, flag: string, front: LocalFront): string {
  if (/^[A-Za-z0-9_-]{1,128}$/.test(text) || (front === 'http-api' && text === '$default')) {
    return text;
  }
  throw new UsageError(
    `${flag}: "${text}" is no name of a stage; take up to 128 letters, digits, hyphens and underscores`,
  );
}

function variables(text: string, flag: string): Record<string, string> {
  return Object.fromEntries(
    split(text, flag).map((entry) => {
      const [, name, value] = /^([A-Za-z0-9_]+)=([A-Za-z0-9._~:/?#&=-]*)$/.exec(entry) ?? [];
      if (name === undefined || value === undefined) {
        throw new UsageError(
          `${flag}: "${entry}" is no stage variable\n  write NAME=value: letters, digits and _ in the name, letters, digits and -._~:/?#&= in the value`,
        );
      }
      return [name, value];
    }),
  );
}

function mediaType(text: string, flag: string): string {
  if (/^(\*|[\w.+-]+)\/(\*|[\w.+-]+)$/.test(text)) return text;
  throw new UsageError(`${flag}: "${text}" is no media type; write e.g. image/png, image/* or */*`);
}
