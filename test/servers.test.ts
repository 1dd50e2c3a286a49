import { afterAll, beforeAll, vi } from 'vitest';
import { answersAreTheSame } from './servers/answers.ts';
import { batchingSavesCalls } from './servers/batching.ts';
import { errorsAreTheSame } from './servers/errors.ts';
import { type Handlers, startHandlers } from './servers/handlers.ts';
import { refusalsAreTheSame } from './servers/refusals.ts';

// Databases and dozens of processes start, and each question goes to all of them.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let handlers: Handlers;
const theHandlers = () => handlers;

beforeAll(async () => {
  handlers = await startHandlers();
});
afterAll(() => handlers.close());

answersAreTheSame(theHandlers);
errorsAreTheSame(theHandlers);
refusalsAreTheSame(theHandlers);
batchingSavesCalls(theHandlers);
