import { describe, expect, test } from 'vitest';
import { nameCells } from './cell-names.ts';
import type { Endpoint } from './endpoint.ts';
import type { Cell } from './run.ts';
import { anEndpoint } from './testing/an-endpoint.ts';

const profile = { kind: 'ramp', ratePerS: 20, warmUpS: 0, rampS: 0, holdS: 2 } as const;

/** An endpoint that the user deployed, by its name. */
function deployed(name: string, own: Partial<Endpoint> = {}): Cell {
  const endpoint = anEndpoint({ backend: name, server: null, dataset: 'ops', ...own });
  return { id: name, endpoint, profile };
}
const unknown = { memoryMb: null, runtime: null, timeoutS: null, front: 'other' } as const;

describe('endpoints that the user deployed', () => {
  test('are named by themselves where nothing else is known', () => {
    expect(nameCells([deployed('shop', unknown)]).labels).toEqual(['shop']);
    expect(nameCells([deployed('shop', unknown)], ['memoryMb']).labels).toEqual(['shop']);
    expect(nameCells([deployed('shop')]).labels).toEqual(['shop · 1024 MB']);
  });

  test('do not share what is not known of one of them', () => {
    const cells = [deployed('shop', { front: 'http-api' }), deployed('outside', unknown)];
    const { labels, shared } = nameCells(cells);
    expect(labels).toEqual(['shop · http-api', 'outside · other']);
    expect(shared).not.toContain('1024 MB');
    expect(shared).not.toContain('nodejs24.x');
    expect(nameCells([deployed('a'), deployed('b')]).shared).toContain('1024 MB');
  });
});
