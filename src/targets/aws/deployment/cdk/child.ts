/**
 * Synthesises and deploys in a process of its own, so that the CDK (320 MB on disk) is never loaded
 * into `bench`, and can be ended at any time. Reads a Job on stdin, writes Messages on stdout.
 */
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import type { DeploymentSpec } from '../../../../../deploy/stacks/spec.ts';
import type { Job, Message } from './messages.ts';
import { toldOf } from './told-of.ts';

type Synth = (spec: DeploymentSpec, outdir: string) => void | Promise<void>;

// What libraries print is not for stdout, where only messages are read.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;

function say(message: Message): void {
  write(`${JSON.stringify(message)}\n`);
}

async function loadSynth(app: string | null): Promise<Synth> {
  if (app !== null) return (await import(pathToFileURL(app).href)).synth;
  return (await import('../../../../../deploy/stacks/app.ts')).synth;
}

try {
  const { action, spec, folder, app } = (await json(process.stdin)) as Job;
  say({ type: 'progress', text: 'writing templates' });
  const synth = await loadSynth(app);
  await synth(spec, folder);
  if (action === 'deploy') {
    const { deployAssembly } = await import('./deploy-assembly.ts');
    await deployAssembly(spec, folder, (text) => say({ type: 'progress', text }));
  }
  say({ type: 'done' });
} catch (error) {
  say({ type: 'failed', ...toldOf(error) });
  process.exitCode = 1;
}
