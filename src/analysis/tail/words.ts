import type { Part } from '../../model/tables.ts';

/** What decides how a part is to be called. */
export interface PartContext {
  /** The front leaves no segment, so the network is part of it. */
  frontHoldsNetwork: boolean;
  /** No call of the handler was traced, so what it waits for backends is part of it. */
  handlerHoldsBackend: boolean;
}

const WORDS: Record<Part, string> = {
  client: 'the client (connecting, sending, receiving)',
  network: 'the network',
  front: 'the front',
  placement: 'placement (finding or starting an environment)',
  init: 'initialisation (cold starts)',
  handler: 'the handler’s own time',
  backend: 'the backend',
  overhead: 'the runtime’s overhead',
  unexplained: 'time no span explains',
};

/** A part as a noun: `initialisation (cold starts)`. */
export function partWords(part: Part, context: PartContext): string {
  if (part === 'front' && context.frontHoldsNetwork) return 'front and network';
  if (part === 'handler' && context.handlerHoldsBackend) {
    return 'the handler (with its calls, as none was traced)';
  }
  return WORDS[part];
}
