#!/usr/bin/env -S node --
// `--`: else Node takes our --env-file for its own.
// The command itself, in JavaScript: an older Node can read it and be told so, and with the compile
// cache switched on before any TypeScript is loaded, the clone starts as fast as the package.
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `bench: needs Node 22.18 or newer; this is ${process.versions.node} (${process.execPath})\n`,
  );
  process.exit(2);
}

const { BENCH_CACHE, XDG_CACHE_HOME, HOME } = process.env;
const name = 'graphql-lambda-bench';
const caches = [BENCH_CACHE, XDG_CACHE_HOME && join(XDG_CACHE_HOME, name)];
if (HOME) caches.push(join(HOME, '.cache', name));
const cache = caches.find((folder) => folder);
// Without a folder of ours there is no cache: Node's own choice would leave files in TMPDIR, and a
// relative one would leave them where the user happens to be.
if (cache?.startsWith('/')) nodeModule.enableCompileCache(join(cache, 'node-compile'));

// The clone runs from its source; the package ships what tsc made of it.
const source = join(import.meta.dirname, 'program.ts');
const program = existsSync(source) ? './program.ts' : '../../dist/src/cli/program.js';
const { main } = await import(program);
await main(process.argv);
