/** What bench.config.ts is written with; paths are relative to it. null: the line is a comment. */
export interface Answers {
  /** null: the reference API is measured. */
  handler: string | null;
  operations: string;
  variables: string | null;
  schema: string | null;
  envFile: string | null;
}

/** A bench.config.ts with every line explained. */
export function configText(answers: Answers): string {
  const what = answers.handler === null ? REFERENCE : ownLines(answers, answers.handler);
  return `import { defineConfig } from 'graphql-lambda-bench';

// What "bench run" does here. Each setting is a flag, too, and a flag overrides it:
// "bench plan" says what they come to, "bench run --help" lists them all.
export default defineConfig({
${what}
  // Of memory sizes and fronts every combination is measured.
  memory: [512, 1024],
  front: 'function-url', // rest-api, http-api, function-url, invoke

  // Requests rise to the rate and stay there; latency is taken from the hold.
  scenario: { kind: 'ramp', rate: 20, warmUp: '2s', ramp: '5s', hold: '15s' },
  // One round is quick; five give intervals that tell of the next run.
  rounds: 1,
});
`;
}

const REFERENCE = `  // The reference API. For your own handler, set "handler" and "operations" in its place:
  // handler: './src/graphql.ts#handler',
  // operations: './bench/operations',
  backend: 'dynamo', // or several: ['dynamo', 'rest']
  dataset: 'x1',
`;

function ownLines(answers: Answers, handler: string): string {
  const setting = (key: string, path: string | null, example: string) =>
    path === null ? `  // ${key}: ${quoted(example)},` : `  ${key}: ${quoted(path)},`;
  const runtime = isModule(handler) ? [] : ["  runtime: 'provided.al2023',"];
  return `  // The handler as it is deployed, with its export. Several in a list are compared.
  handler: ${quoted(handler)},
${runtime.map((line) => `${line}\n`).join('')}  // What it is asked: a .graphql file, or a folder of them.
  operations: ${quoted(answers.operations)},
  // Their variables: a .csv or .json file, or a folder with one named after each operation.
${setting('variables', answers.variables, 'bench/variables.csv')}
  // The API's schema: operations are checked against it before anything runs.
  // schema: ${quoted(answers.schema ?? 'schema.graphql')},
  // The function's environment variables, a NAME=value a line; never stored.
  // envFile: ${quoted(answers.envFile ?? '.env')},
  // Sent with every request; \${NAME} is taken from the environment; never stored.
  // headers: { authorization: 'Bearer \${TOKEN}' },
  // How often each operation is sent; those named are the only ones.
  // weights: { Example: 1 },
  // Endpoints that you deployed: "bench run --target url" asks them the same.
  // endpoints: { api: { url: 'https://api.example.com/graphql', function: 'my-function' } },
`;
}

/** What Node loads; anything else is an executable with the Runtime API. */
export function isModule(handler: string): boolean {
  return /\.[cm]?[jt]s(#|$)/.test(handler);
}

/** A path as a string of TypeScript, marked as relative. */
function quoted(path: string): string {
  const marked = /^(\.{0,2}\/)/.test(path) ? path : `./${path}`;
  return `'${marked.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
