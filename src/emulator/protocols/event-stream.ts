import { EventStreamCodec } from '@smithy/core/event-streams';

/** Frames of application/vnd.amazon.eventstream, by the codec AWS's clients read them with. */
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  (text) => Buffer.from(text, 'utf8'),
);

export function payloadChunk(payload: Uint8Array): Uint8Array {
  return frame('PayloadChunk', 'application/octet-stream', payload);
}

export function invokeComplete(members: Readonly<Record<string, string>>): Uint8Array {
  return frame('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(members)));
}

function frame(event: string, contentType: string, body: Uint8Array): Uint8Array {
  return codec.encode({
    headers: {
      ':message-type': { type: 'string', value: 'event' },
      ':event-type': { type: 'string', value: event },
      ':content-type': { type: 'string', value: contentType },
    },
    body,
  });
}
