import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import dynalite from 'dynalite';

/** What abstract-level's databases and iterators have in common, as far as it is needed here. */
interface Store {
  keys(options?: object): StoreIterator;
  values(options?: object): StoreIterator;
}
interface StoreIterator {
  close(): Promise<void>;
  return?: () => Promise<void>;
}

/** @param path folder of the LevelDB store; in memory where it is left out */
export function createDynalite(path: string | undefined): Server {
  closeIterators();
  return dynalite({
    ...(path !== undefined && { path }),
    createTableMs: 0,
    updateTableMs: 0,
    deleteTableMs: 0,
  });
}

let closing = false;

/**
 * Makes dynalite close the iterators of its queries and scans. It reads them as streams and calls the
 * iterator's `return` when a stream is done with (dynalite 4.0.0, db/index.js, createValueStream), but
 * abstract-level's iterators have none (3.1.1, abstract-iterator.js: their async generator has). So
 * each query left an iterator open for good, with its snapshot, the blocks of LevelDB that pins, and
 * the values it had read ahead: some 17 KB of the reference data. Does no harm once dynalite closes
 * them itself: they may be closed again.
 */
function closeIterators(): void {
  if (closing) return;
  closing = true;
  // Its own copies, wherever the package manager has put them.
  const ofDynalite = createRequire(createRequire(import.meta.url).resolve('dynalite'));
  const { Level } = ofDynalite('level') as { Level: { prototype: Store } };
  const { MemoryLevel } = ofDynalite('memory-level') as { MemoryLevel: { prototype: Store } };
  for (const { prototype } of [Level, MemoryLevel]) {
    for (const name of ['keys', 'values'] as const) {
      const open = prototype[name];
      prototype[name] = function (this: Store, options?: object): StoreIterator {
        const iterator = open.call(this, options);
        iterator.return ??= () => iterator.close();
        return iterator;
      };
    }
  }
}
