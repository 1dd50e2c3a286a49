import { fileURLToPath } from 'node:url';
import type { MarkedCode } from './marked-code.ts';
import { packageOf, shownSource } from './package-name.ts';
import type { ProfileNode, Sample } from './samples.ts';

/** Where the profiled environments' code lay, and what is known of it. */
export interface ProfiledCode {
  taskRoot: string;
  bootstrap: string;
  /** The handler's file, from the task root. */
  file: string;
  marked: MarkedCode;
  /** Where there is no source map, files stand for packages. */
  mapped: boolean;
}

/** Whose a frame is: a package's (or own code's), our runtime's, or nobody's (Node, V8). */
export type Owner =
  | { kind: 'code'; name: string; source: string; line: number; column: number }
  | { kind: 'top level' }
  /** The bundler's own: it is there for all. */
  | { kind: 'helper' }
  | { kind: 'runtime'; loads: boolean }
  | { kind: 'node' }
  | { kind: 'none' };

/** What a sample is that has no frame of JavaScript. */
export type Blank = 'garbage' | 'program' | 'idle';

const BLANKS: Record<string, Blank> = {
  '(garbage collector)': 'garbage',
  '(program)': 'program',
  '(idle)': 'idle',
};

export function blankOf({ stack }: Sample): Blank | null {
  return BLANKS[stack[0]?.callFrame.functionName ?? ''] ?? null;
}

/** Tells whose each frame is; each node is looked at once. */
export function ownersOf(code: ProfiledCode): (node: ProfileNode) => Owner {
  const known = new WeakMap<ProfileNode, Owner>();
  return (node) => {
    const found = known.get(node) ?? ownerOf(node, code);
    known.set(node, found);
    return found;
  };
}

function ownerOf({ callFrame }: ProfileNode, code: ProfiledCode): Owner {
  const { url, lineNumber: line, columnNumber: column, functionName } = callFrame;
  if (url.startsWith('node:')) return { kind: 'node' };
  const path = pathOf(url);
  const inBootstrap = below(code.bootstrap, path);
  if (inBootstrap !== null) return { kind: 'runtime', loads: functionName === 'loadHandler' };
  const inside = below(code.taskRoot, path);
  if (inside === null) return { kind: 'none' };
  if (inside !== code.file) {
    // Code that is beside the bundle.
    const name = inside.includes('node_modules/') ? packageOf(inside) : inside;
    return { kind: 'code', name, source: shownSource(inside), line, column };
  }
  if (!code.mapped) return { kind: 'code', name: inside, source: inside, line, column };
  if (line <= 0 && column <= 0) return { kind: 'top level' };
  const place = code.marked.sourceAt(line, column);
  if (place === null) return { kind: 'helper' };
  const source = shownSource(place.source);
  return { ...place, kind: 'code', name: packageOf(place.source), source };
}

function pathOf(url: string): string {
  if (!url.startsWith('file:')) return url;
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

function below(folder: string, path: string): string | null {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : null;
}
