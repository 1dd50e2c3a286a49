import { detectCgroups } from '../../emulator/cgroups/index.ts';

/** Started within a scope: says whether it has quotas there. */
process.stdout.write(detectCgroups().quotas ? 'quotas\n' : 'none\n');
