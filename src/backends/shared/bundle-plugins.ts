import type { ImportKind, Plugin } from 'esbuild';

/** Marks a resolution of our own, so that it is not resolved for ever. */
const OWN = { own: true };

/**
 * A package that ships ESM and CommonJS gets in twice when both import and require it. This takes
 * the ESM copy for both.
 */
export function oneCopyOf(name: string): Plugin {
  return {
    name: `one copy of ${name}`,
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${name}(/|$)`) }, (args) => {
        if (args.pluginData === OWN || args.kind !== 'require-call') return null;
        const { importer, resolveDir } = args;
        return build.resolve(args.path, {
          kind: 'import-statement',
          importer,
          resolveDir,
          pluginData: OWN,
        });
      });
    },
  };
}

/** Puts a module that throws in the place of what a package imports so by such a path. */
export function leaveOut(
  importedBy: string,
  paths: RegExp,
  kind: ImportKind = 'dynamic-import',
): Plugin {
  const namespace = `left out of ${importedBy}`;
  const within = `/node_modules/${importedBy}/`;
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: paths }, (args) => {
        if (args.kind !== kind) return null;
        if (!args.importer.replaceAll('\\', '/').includes(within)) return null;
        return { namespace, path: args.path };
      });
      build.onLoad({ filter: /./, namespace }, (args) => ({
        contents: `throw new Error(${JSON.stringify(`${args.path} is not in this bundle`)});`,
      }));
    },
  };
}

/** Puts CommonJS `contents` in the place of a package. */
export function replace(packageName: string, contents: string): Plugin {
  const namespace = `instead of ${packageName}`;
  const exactly = new RegExp(`^${packageName.replaceAll('.', '\\.')}$`);
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: exactly }, ({ path }) => ({ namespace, path }));
      build.onLoad({ filter: /./, namespace }, () => ({ contents }));
    },
  };
}
