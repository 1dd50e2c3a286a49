import { statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type Git, items } from './git.ts';
import { isTracked, type Repository } from './repository.ts';

const SOURCE = /\.([cm]?[jt]sx?|graphql|gql|go|rs|py|java|kt|cs|rb|swift|c|cc|cpp|h|zig)$/;
/** No build product has them in it. */
const NO_PART_OF_IT = /\.(test|spec)\.|(^|\/)bench\.config\.[^/]*$/;

/**
 * A sentence where the code that is measured is a build product, not kept by git, and a source file
 * was changed after it was made; null where there is nothing to say. `path` is a file or a folder.
 */
export async function unbuilt(
  git: Git,
  repository: Repository,
  path: string,
): Promise<string | null> {
  const { root } = repository;
  const product = statSync(path, { throwIfNoEntry: false });
  if (!product?.isFile() || (await isTracked(git, repository, path))) return null;
  const changed = await git(root, 'ls-files', '-m', '-o', '--exclude-standard', '-z');
  const later = items(changed.stdout)
    .filter((name) => SOURCE.test(name) && !NO_PART_OF_IT.test(name))
    .map((name) => ({ name, at: join(root, name) }))
    // What was made along with it.
    .filter(({ at }) => !at.startsWith(join(dirname(path), '/')))
    .map(({ name, at }) => ({ name, ms: statSync(at, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .filter(({ ms }) => ms > product.mtimeMs)
    .toSorted((a, b) => b.ms - a.ms);
  const [last] = later;
  if (last === undefined) return null;
  return `${relative(root, path)} is older than ${last.name}: was it built?`;
}
