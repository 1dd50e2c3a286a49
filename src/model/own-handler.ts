import type { Runtime } from './endpoint.ts';

/** What is called of a handler of the user's. */
export interface HandlerSource {
  /** Absolute. */
  file: string;
  exportName: string;
}

/** Handlers of the user's and what is sent to them, as settings name them. Paths are absolute. */
export interface OwnHandlers {
  /** Unique names, made from the files': the cells' `server`. */
  handlers: (HandlerSource & {
    name: string;
    /** What a gate compares it with, where that is another file and not another revision. */
    base?: HandlerSource;
  })[];
  runtime: Runtime;
  /** Variables of the function; never stored. */
  environment: Record<string, string>;
  /** A .graphql file, or a folder of them. */
  operations: string;
  /** A .csv or .json file for every operation, or a folder with one named after each. */
  variables: string | null;
  /** The API's schema (SDL) that operations are checked against before anything runs. */
  schema: string | null;
  /** What messages call the settings these are from: a flag, or a field of the configuration. */
  named: Record<'handler' | 'operations' | 'variables' | 'schema', string>;
}
