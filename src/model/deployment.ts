import type { Front } from './endpoint.ts';

/** A front of a deployed function. */
export interface DeployedFront {
  url: string;
  /** CloudWatch dimensions; null where the front has no metrics. */
  dimensions: Record<string, string> | null;
}

/** A function of a deployment with its fronts, as its stack's outputs tell. */
export interface DeployedFunction {
  /** What it was deployed for: `deployedKey` of an endpoint. */
  key: string;
  name: string;
  /** The alias behind its fronts; null: the function as it was deployed last. */
  qualifier: string | null;
  logGroup: string;
  memoryMb: number;
  timeoutS: number;
  /** SHA-256 of the bundle, hex. */
  codeSha256: string;
  fronts: Partial<Record<Front, DeployedFront>>;
}

/** All stacks of one run in one account and region. */
export interface Deployment {
  /** Id of the run it was made by or for. */
  run: string;
  region: string;
  /** ISO 8601. */
  createdAt: string;
  expiresAt: string;
  /** Else it goes when its run ends, and is no other's to use. */
  kept: boolean;
  /** `CREATE_COMPLETE`, `DELETE_FAILED` … as CloudFormation names them. */
  stacks: { name: string; status: string }[];
  functions: DeployedFunction[];
}

/** What of a deployment could not be removed, and how to remove it. */
export interface Leftover {
  /** `AWS::S3::Bucket` */
  type: string;
  /** Its physical id. */
  id: string;
  /** In AWS's words; null: none were said. */
  reason: string | null;
  /** A command line that removes it. */
  command: string;
}

/** Before the name of everything a run deploys: `bench-20261120-191500-x7f2-`. */
export function namePrefix(run: string): string {
  return `bench-${run}-`;
}

/** What is left over, each with the command that removes it. */
export function leftoverLines(leftovers: readonly Leftover[]): string {
  return leftovers
    .map(({ type, id, reason, command }) =>
      [`${type} ${id}`, ...(reason === null ? [] : [`  ${reason}`]), `  ${command}`].join('\n'),
    )
    .join('\n');
}
