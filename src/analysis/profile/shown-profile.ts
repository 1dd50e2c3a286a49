import { basename } from 'node:path';
import type { CpuProfile, ToldProfile } from '../../model/profile.ts';
import { moduleAtOf } from './holders.ts';
import { blankOf, type Owner, ownersOf, type ProfiledCode } from './owners.ts';
import { shownSource } from './package-name.ts';
import { type ProfileNode, samplesOf } from './samples.ts';

type CallFrame = ProfileNode['callFrame'];

/**
 * A profile as it is kept: frames by their source, without a path of this machine, and the top level of
 * a bundle apart by module. DevTools, speedscope and editors open it.
 * @param window on the profile's clock; absent: all of it
 */
export function shownProfile(
  told: ToldProfile,
  code: ProfiledCode,
  window?: { fromUs: number; toUs: number },
): CpuProfile {
  const ownerOf = ownersOf(code);
  const moduleAt = moduleAtOf(told, code);
  const startTime = window?.fromUs ?? told.profile.startTime;
  const endTime = window?.toUs ?? told.profile.endTime;
  const tree = new Tree();
  const samples: number[] = [];
  const timeDeltas: number[] = [];
  let lastUs = startTime;
  for (const sample of samplesOf(told.profile)) {
    if (sample.stack.length === 0 || sample.atUs < startTime || sample.atUs > endTime) continue;
    // V8's own (root) is the tree's.
    const frames = sample.stack.slice(0, -1).map((node) => {
      const owner = blankOf(sample) === null ? ownerOf(node) : { kind: 'none' as const };
      return shownFrame(node.callFrame, owner, moduleAt(sample.atUs));
    });
    samples.push(tree.idOf(frames.reverse()));
    timeDeltas.push(Math.round(sample.atUs - lastUs));
    lastUs = sample.atUs;
  }
  return { nodes: tree.nodes, startTime, endTime, samples, timeDeltas };
}

function shownFrame(frame: CallFrame, owner: Owner, module: string | null): CallFrame {
  switch (owner.kind) {
    case 'code': {
      const { source: url, line: lineNumber, column: columnNumber } = owner;
      return { ...frame, url, lineNumber, columnNumber };
    }
    case 'top level': {
      const url = module === null ? 'bundle' : shownSource(module);
      return { ...frame, functionName: '(top level)', url, lineNumber: 0, columnNumber: 0 };
    }
    case 'runtime':
      return { ...frame, url: `runtime/${basename(frame.url)}` };
    case 'node':
      return frame;
    case 'helper':
      return { ...frame, url: 'bundle' };
    case 'none':
      return { ...frame, url: frame.url === '' ? '' : basename(frame.url) };
  }
}

/** Nodes made from stacks; the same way down is the same node. */
class Tree {
  readonly nodes: ProfileNode[] = [{ id: 1, callFrame: ROOT, hitCount: 0, children: [] }];
  readonly #ids = new Map<string, ProfileNode>();

  /** @param frames from the outermost in */
  idOf(frames: readonly CallFrame[]): number {
    let [at] = this.nodes;
    for (const frame of frames) {
      const { functionName, url, lineNumber, columnNumber } = frame;
      const key = JSON.stringify([at?.id, functionName, url, lineNumber, columnNumber]);
      let next = this.#ids.get(key);
      if (next === undefined) {
        next = { id: this.nodes.length + 1, callFrame: frame, hitCount: 0, children: [] };
        this.#ids.set(key, next);
        this.nodes.push(next);
        at?.children?.push(next.id);
      }
      at = next;
    }
    if (at === undefined) return 1;
    at.hitCount = (at.hitCount ?? 0) + 1;
    return at.id;
  }
}

const ROOT: CallFrame = {
  functionName: '(root)',
  scriptId: '0',
  url: '',
  lineNumber: -1,
  columnNumber: -1,
};
