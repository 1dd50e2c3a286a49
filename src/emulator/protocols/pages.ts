import type { ServiceError } from './wire.ts';

/**
 * A page of a list. The token names a position: what is added while a client pages may be seen twice
 * or not at all, as on AWS.
 * @param refuse the service's error for a token that is not one of ours
 */
export function pageOf<T>(
  all: readonly T[],
  token: string | null | undefined,
  limit: number,
  refuse: () => ServiceError,
): { items: T[]; next: string | null } {
  const from =
    token === null || token === undefined || token === '' ? 0 : positionOf(token, refuse);
  const items = all.slice(from, from + limit);
  const next = from + items.length;
  return { items, next: next < all.length ? tokenOf(next) : null };
}

export function tokenOf(position: number): string {
  return Buffer.from(`at:${position}`).toString('base64url');
}

export function positionOf(token: string, refuse: () => ServiceError): number {
  const position = /^at:(\d{1,12})$/.exec(Buffer.from(token, 'base64url').toString('latin1'))?.[1];
  if (position === undefined) throw refuse();
  return Number(position);
}
