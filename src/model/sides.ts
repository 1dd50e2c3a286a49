import { REVISIONS, type Revision } from './endpoint.ts';

/** A gate's cells come twice: their ids end in the revision. */
export function withRevision(cellId: string, revision: Revision | null): string {
  return revision === null ? cellId : `${cellId}-${revision}`;
}

/** `dynamo-1024-rest-api-apollo-x1-ramp-head` → `dynamo-1024-rest-api-apollo-x1-ramp` */
export function withoutRevision(cellId: string): string {
  const revision = REVISIONS.find((one) => cellId.endsWith(`-${one}`));
  return revision === undefined ? cellId : cellId.slice(0, -revision.length - 1);
}
