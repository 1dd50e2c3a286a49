import { enterScope } from '../enter-scope.ts';
import { surroundings } from '../scopes.ts';

/**
 * A command that wants a scope on a machine whose cgroups are v2 and not ours: becomes `inner.sh` beside
 * it, or goes on. Arguments: the user it runs as and where cgroups are.
 */
const [uid = '0', cgroupRoot = '/', ...rest] = process.argv.slice(2);
const at = { ...surroundings(), uid: Number(uid), gid: Number(uid), cgroupRoot };
const support = { version: 2, quotas: false, reason: 'a test', mend: null } as const;
const inner = `${import.meta.dirname}/inner.sh`;
enterScope(support, at, ['/bin/sh', inner, ...rest], ['/bin/echo', 'quotas']);
process.stdout.write(`goes on, BENCH_SCOPE=${process.env.BENCH_SCOPE ?? ''}\n`);
