import { z } from 'zod';
import { examine, type Finding } from '../doctor/examine.ts';
import { typedFlags } from '../flags.ts';
import { resultsPath } from '../results-path.ts';
import { withSession } from '../session.ts';

const flagsSchema = z.object({ results: z.string().optional(), json: z.boolean().optional() });

const MARK = { good: 'ok     ', costs: 'costs  ', bad: 'MISSING' } as const;

/** Exit code 0 unless `run` cannot work. */
export async function doctorCommand(raw: unknown): Promise<void> {
  const flags = typedFlags(raw, flagsSchema);
  const path = await resultsPath(flags.results);
  const findings = await withSession((supervisor, signal) =>
    examine({ supervisor, signal, resultsPath: path }),
  );
  if (flags.json === true) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  else for (const finding of findings) process.stdout.write(shown(finding));
  if (findings.some((finding) => finding.state === 'bad')) process.exitCode = 1;
}

function shown(finding: Finding): string {
  const lines = [`${MARK[finding.state]}  ${finding.name.padEnd(14)}  ${finding.found}`];
  const indent = ' '.repeat(25);
  if (finding.cost !== undefined) lines.push(`${indent}${finding.cost}`);
  if (finding.mend !== undefined) lines.push(`${indent}mend it: ${finding.mend}`);
  return `${lines.join('\n')}\n`;
}
