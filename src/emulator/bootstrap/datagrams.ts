import dgram from 'node:dgram';

let pendingSends = 0;
let whenSent: (() => void) | null = null;

function sent(): void {
  pendingSends -= 1;
  if (pendingSends === 0) {
    whenSent?.();
    whenSent = null;
  }
}

/** An environment freezes as soon as it has answered: what is still being sent would come late. */
export function countDatagrams(): void {
  const prototype = dgram.Socket.prototype as { send: (...values: unknown[]) => void };
  const send = prototype.send;
  prototype.send = function (this: dgram.Socket, ...values: unknown[]): void {
    const last = values.at(-1);
    const callback = typeof last === 'function' ? (last as (...results: unknown[]) => void) : null;
    pendingSends += 1;
    const counted = (error: Error | null, ...rest: unknown[]): void => {
      sent();
      if (callback !== null) callback(error, ...rest);
      else if (error !== null) this.emit('error', error);
    };
    try {
      send.apply(this, [...(callback === null ? values : values.slice(0, -1)), counted]);
    } catch (error) {
      sent();
      throw error;
    }
  };
}

/** Runs an action once nothing is being sent. */
export function afterSends(action: () => void): void {
  if (pendingSends === 0) action();
  else whenSent = action;
}
