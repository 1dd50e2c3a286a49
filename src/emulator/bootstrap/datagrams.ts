import dgram from 'node:dgram';

let pendingSends = 0;
let whenSent: (() => void) | null = null;
/** Sends of each socket whose callback has not come. */
const pendingOf = new WeakMap<dgram.Socket, number>();
const watched = new WeakSet<dgram.Socket>();

function sent(socket: dgram.Socket, count: number): void {
  const left = (pendingOf.get(socket) ?? 0) - count;
  if (left > 0) pendingOf.set(socket, left);
  else pendingOf.delete(socket);
  pendingSends -= count;
  if (pendingSends > 0) return;
  const action = whenSent;
  whenSent = null;
  action?.();
}

function begin(socket: dgram.Socket): void {
  pendingOf.set(socket, (pendingOf.get(socket) ?? 0) + 1);
  pendingSends += 1;
  if (watched.has(socket)) return;
  watched.add(socket);
  // A socket that is closed at once forgets its sends, and never calls back.
  socket.once('close', () => sent(socket, pendingOf.get(socket) ?? 0));
}

/** An environment freezes as soon as it has answered: what is still being sent would come late. */
export function countDatagrams(): void {
  const prototype = dgram.Socket.prototype as { send: (...values: unknown[]) => void };
  const send = prototype.send;
  prototype.send = function (this: dgram.Socket, ...values: unknown[]): void {
    const last = values.at(-1);
    const callback = typeof last === 'function' ? (last as (...results: unknown[]) => void) : null;
    begin(this);
    const counted = (error: Error | null, ...rest: unknown[]): void => {
      if (pendingOf.has(this)) sent(this, 1);
      if (callback !== null) callback(error, ...rest);
      else if (error !== null) this.emit('error', error);
    };
    try {
      send.apply(this, [...(callback === null ? values : values.slice(0, -1)), counted]);
    } catch (error) {
      sent(this, 1);
      throw error;
    }
  };
}

/** Runs an action once nothing is being sent. */
export function afterSends(action: () => void): void {
  if (pendingSends === 0) action();
  else whenSent = action;
}
