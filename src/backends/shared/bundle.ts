import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { messageOf, ToolError } from '../../base/errors.ts';
import { packageRoot } from '../../base/package-root.ts';
import type { HandlerArtifact } from '../../model/ports.ts';
import { leaveOut, oneCopyOf, replace } from './bundle-plugins.ts';

/**
 * Bundles deploy/handlers/<server>-<backend>.ts into `folder/index.cjs`: one minified file with only
 * what it uses. CommonJS: it loads as fast as the same code as a module, and needs no shim for the
 * packages that call `require`. The same input gives the same bytes. Throws ToolError with esbuild's own messages.
 */
export async function bundleHandler(job: {
  backend: string;
  server: string;
  folder: string;
}): Promise<HandlerArtifact> {
  const { backend, server, folder } = job;
  const file = 'index.cjs';
  try {
    await build({
      // Names in the output are relative to it: no path of this machine gets into the bytes.
      absWorkingDir: packageRoot(),
      entryPoints: [join('deploy', 'handlers', `${server}-${backend}.ts`)],
      outfile: join(folder, file),
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node22',
      format: 'cjs',
      // The SDK's `import('node:http')` becomes a require: as a module, all of node:http's exports
      // are evaluated, its whole WebSocket client too, for 20 ms of CPU in the first call.
      supported: { 'dynamic-import': false },
      mainFields: ['module', 'main'],
      loader: { '.graphql': 'text' },
      define: { 'process.env.NODE_ENV': '"production"' },
      legalComments: 'none',
      logLevel: 'silent',
      tsconfigRaw: {},
      plugins: [
        oneCopyOf('@apollo/server'),
        // Loaded on demand, and never by us: plugins that are disabled, and the sources of
        // credentials of machines that are not Lambda, whose credentials are in the environment.
        leaveOut('@apollo/server', /^\.\/plugin\//),
        leaveOut('@aws-sdk/credential-provider-node', /credential-provider-/),
        // Apollo hashes with Node's crypto, but inside a bundle does not find it and takes this one.
        replace('sha.js', `module.exports = require('node:crypto').createHash;`),
      ],
    });
  } catch (error) {
    throw new ToolError(
      `cannot bundle the handler of server ${server} over backend ${backend}: ${messageOf(error)}`,
    );
  }
  const bytes = await readFile(join(folder, file));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    folder,
    file,
    exportName: 'handler',
    facts: { backend, server, bytes: bytes.length, sha256 },
  };
}
