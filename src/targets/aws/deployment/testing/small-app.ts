import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeploymentSpec } from '../../../../../deploy/stacks/spec.ts';
import { stackTags } from '../names.ts';
import { smallTemplate } from './small-template.ts';

/** In place of deploy/stacks/app.ts, which loads the CDK: an assembly written by hand, in no time. */
export function synth(spec: DeploymentSpec, outdir: string): void {
  const artifacts: Record<string, object> = {};
  for (const { name } of spec.stacks) {
    const template = JSON.stringify(smallTemplate(name));
    const hash = createHash('sha256').update(template).digest('hex');
    const key = { bucketName: spec.assetBucket, objectKey: `${hash}.json`, region: spec.region };
    const source = { path: `${name}.template.json`, packaging: 'file' };
    write(outdir, source.path, template);
    write(
      outdir,
      `${name}.assets.json`,
      JSON.stringify({ version: '54.0.0', files: { [hash]: { source, destinations: { key } } } }),
    );
    artifacts[`${name}.assets`] = {
      type: 'cdk:asset-manifest',
      properties: { file: `${name}.assets.json` },
    };
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      environment: `aws://${spec.account}/${spec.region}`,
      dependencies: [`${name}.assets`],
      properties: {
        templateFile: source.path,
        tags: Object.fromEntries(stackTags(spec).map(({ Key, Value }) => [Key, Value])),
        stackTemplateAssetObjectUrl: `s3://${key.bucketName}/${key.objectKey}`,
        additionalDependencies: [`${name}.assets`],
      },
    };
  }
  write(outdir, 'manifest.json', JSON.stringify({ version: '54.0.0', artifacts }));
}

function write(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}
