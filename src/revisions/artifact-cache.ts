import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { cp, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256Hex } from '../base/digest.ts';
import { messageOf } from '../base/errors.ts';
import { fileError, makeFolder, readJson, writeJson } from '../base/files.ts';
import type { HandlerArtifact } from '../model/ports.ts';
import { bundleFactsSchema } from '../model/run.ts';

/** Artifacts of bases, so that the second gate against a commit builds nothing. */
export interface ArtifactCache {
  /** Copies it into `folder`, which is empty. null: it is not there, or damaged. */
  take(key: object, folder: string): Promise<HandlerArtifact | null>;
  /** Why it could not be kept; null: it was. */
  keep(key: object, artifact: HandlerArtifact): Promise<string | null>;
}

const MOST_ENTRIES = 20;
/** A copy takes seconds: whoever made this one has been killed. */
const DRAFT_MS = 3_600_000;
const DRAFT = /\.draft-[^.]*$/;

const entrySchema = z.object({
  version: z.literal(1),
  /** For those who look into it. */
  key: z.unknown(),
  file: z.string(),
  exportName: z.string(),
  facts: bundleFactsSchema,
});

/**
 * Below `cacheFolder`/gate-bases: a folder an artifact, named by the digest of its key. It appears in
 * one step, so that an interrupted one is never taken for whole.
 */
export function createArtifactCache(cacheFolder: string): ArtifactCache {
  const folder = join(cacheFolder, 'gate-bases');
  const entryOf = (key: object) => join(folder, sha256Hex(JSON.stringify(key)).slice(0, 32));
  return {
    async take(key, into) {
      const entry = entryOf(key);
      const artifact = readEntry(entry);
      if (artifact === null) return null;
      // Used now: see removeOld. A cache that may only be read is good, too.
      const now = new Date();
      await utimes(entry, now, now).catch(() => {});
      try {
        await cp(artifact.folder, into, { recursive: true });
      } catch (error) {
        throw fileError(error, 'copy a kept artifact to', into);
      }
      return { ...artifact, folder: into };
    },
    async keep(key, artifact) {
      const entry = entryOf(key);
      let draft: string | undefined;
      try {
        makeFolder(folder);
        draft = mkdtempSync(`${entry}.draft-`);
        await cp(artifact.folder, join(draft, 'code'), { recursive: true });
        const { file, exportName, facts } = artifact;
        writeJson(join(draft, 'entry.json'), { version: 1, key, file, exportName, facts });
        // What stands there is damaged, or another gate was as fast.
        await rm(entry, { recursive: true, force: true });
        await rename(draft, entry);
        await removeOld(folder);
        return null;
      } catch (error) {
        if (draft !== undefined) await rm(draft, { recursive: true, force: true });
        return messageOf(fileError(error, 'write', folder));
      }
    },
  };
}

/** The artifact as it lies in the cache; null where it is not there or is damaged. */
function readEntry(entry: string): HandlerArtifact | null {
  try {
    const { file, exportName, facts } = readJson(join(entry, 'entry.json'), entrySchema);
    const folder = join(entry, 'code');
    const whole = sha256Hex(readFileSync(join(folder, file))) === facts.sha256;
    return whole ? { folder, file, exportName, facts } : null;
  } catch {
    return null;
  }
}

async function removeOld(folder: string): Promise<void> {
  const all = readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? [] : [{ path, draft: DRAFT.test(name), ms: stats.mtimeMs }];
  });
  const entries = all.filter(({ draft }) => !draft).toSorted((a, b) => b.ms - a.ms);
  const old = all.filter(({ draft, ms }) => draft && Date.now() - ms > DRAFT_MS);
  for (const { path } of [...entries.slice(MOST_ENTRIES), ...old]) {
    await rm(path, { recursive: true, force: true });
  }
}
