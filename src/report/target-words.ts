import type { Run } from '../model/run.ts';

const CPU = {
  quota: 'CPU in proportion to memory',
  none: 'no CPU quota',
} as const;

/**
 * Where endpoints were and where the load came from: `local (AMD EPYC, 2 cores, CPU in proportion to
 * memory)`, `aws us-east-1, arm64 (load from an AMD EPYC, 2 cores)`.
 */
export function targetWords({ plan, fingerprint }: Pick<Run, 'plan' | 'fingerprint'>): string {
  const { cpuModel, cores, cpuMode } = fingerprint;
  const machine = `${cpuModel}, ${cores} cores`;
  if (cpuMode !== 'aws') return `${plan.target} (${machine}, ${CPU[cpuMode]})`;
  const place = plan.target === 'aws' ? ` ${plan.region}, ${plan.architecture ?? 'x86_64'}` : '';
  return `${plan.target}${place} (load from ${machine})`;
}
