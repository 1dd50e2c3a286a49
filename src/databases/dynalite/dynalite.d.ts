declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface Options {
    /** Folder of the LevelDB store; in memory where it is left out. */
    path?: string;
    /** How long a table stays in a state, in milliseconds; 500 each unless told. */
    createTableMs?: number;
    updateTableMs?: number;
    deleteTableMs?: number;
  }
  export default function dynalite(options?: Options): Server;
}
