import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { environmentOfGit } from '../revisions/git.ts';

const GIT_TIMEOUT_MS = 5_000;

/** The commit that is checked out in a folder; null where there is none, or no git. */
export async function commitHere(folder: string): Promise<string | null> {
  const options = { cwd: folder, env: environmentOfGit(process.env), timeout: GIT_TIMEOUT_MS };
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', '--verify', 'HEAD'], options);
    return stdout.trim();
  } catch {
    return null;
  }
}
