import type { ConnectionLimits } from './connections.ts';

/** A PostgreSQL that holds the data set: one of ours, or the user's. */
export interface PostgresServer {
  /** With user and password: secret. */
  url: string;
  /** Of the tables; a name that needs no quotes. */
  schema: string;
  limits: ConnectionLimits;
  /** 0 where it is not of this machine's processes. */
  cpuUs(): number;
  failure?: Promise<Error>;
  stop(): Promise<void>;
}
