import { resolve } from 'node:path';
import { z } from 'zod';
import { ToolError } from '../../base/errors.ts';
import { writeFileAtomic } from '../../base/files.ts';
import { oneOf, slo } from '../../config/settings/values.ts';
import { PRICED_REGIONS } from '../../model/priced-regions.ts';
import { findRun } from '../../store/run-store.ts';
import { typedFlags } from '../flags.ts';
import { resultsPath } from '../results-path.ts';
import { shownPath } from '../terminal/shown-path.ts';

const flagsSchema = z.object({
  format: z.string(),
  output: z.string().optional(),
  slo: z.string().optional(),
  region: z.string().optional(),
  results: z.string().optional(),
});

export async function reportCommand(named: string | undefined, raw: unknown): Promise<void> {
  const flags = typedFlags(raw, flagsSchema);
  const format = oneOf(flags.format, '--format', ['html', 'json', 'md'] as const);
  const plan = {
    ...(flags.slo !== undefined && { slo: slo(flags.slo, '--slo') }),
    ...(flags.region !== undefined && { region: oneOf(flags.region, '--region', PRICED_REGIONS) }),
  };
  const folder = findRun(await resultsPath(flags.results), named);
  const { analyseFolder } = await import('../../pipeline/replay.ts');
  const analysis = await analyseFolder(folder, { plan });
  if (analysis === null) {
    throw new ToolError(
      `the run ${folder.runId} has no trial that was measured: there is nothing to report`,
    );
  }
  const say = (path: string) => process.stdout.write(`report: ${shownPath(path)}\n`);
  if (format === 'html' && flags.output === undefined) return void say(folder.reportPath);
  const text = {
    html: async () => (await import('../../report/html.ts')).renderHtml(analysis),
    json: async () => (await import('../../report/json.ts')).renderJson(analysis),
    md: async () => (await import('../../report/markdown.ts')).renderMarkdown(analysis),
  }[format];
  const content = await text();
  if (flags.output === undefined) return void process.stdout.write(content);
  writeFileAtomic(resolve(flags.output), content);
  say(resolve(flags.output));
}
