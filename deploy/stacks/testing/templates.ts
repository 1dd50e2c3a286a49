import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synth } from '../app.ts';
import { type SampleOptions, sampleSpec } from './sample-spec.ts';

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

export interface StackTemplate {
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Value: unknown }>;
}

export interface Synthesized {
  /** As written. */
  text: string;
  template: StackTemplate;
  /** What the manifest says CloudFormation is to tag the stack with. */
  stackTags: Record<string, string>;
}

/** One stack of a sample deployment, as `synth` writes it below `folder`. */
export function synthesized(folder: string, options: SampleOptions = {}): Synthesized {
  const spec = sampleSpec(folder, options);
  const outdir = join(folder, 'out');
  synth(spec, outdir);
  const name = spec.stacks[0]?.name ?? '';
  const text = readFileSync(join(outdir, `${name}.template.json`), 'utf8');
  const manifest = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'));
  return {
    text,
    template: JSON.parse(text),
    stackTags: manifest.artifacts[name].properties.tags,
  };
}

export function ofType({ template }: Synthesized, type: string): Resource[] {
  return Object.values(template.Resources).filter(({ Type }) => Type === type);
}
