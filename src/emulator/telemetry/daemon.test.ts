import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sendDatagram, sendToDaemon } from '../testing/fake-host.ts';
import { startXRayDaemon } from './daemon.ts';
import { dropsOf, parseDocument } from './daemon-protocol.ts';

const document = (fields: object) =>
  JSON.stringify({
    id: '0123456789abcdef',
    trace_id: '1-5e66d96f-7491f09a2b3c4d5e6f708192',
    name: 'x',
    start_time: 1,
    ...fields,
  });

test('documents are received, anything else is counted, and a drain waits for all before it', async () => {
  const received: string[] = [];
  const daemon = await startXRayDaemon((_, bytes) =>
    received.push(JSON.parse(Buffer.from(bytes).toString()).name),
  );
  await sendToDaemon(daemon.address, document({}));
  await sendToDaemon(daemon.address, document({ type: 'subsegment', name: 'é' }));
  for (const bad of [
    'nonsense',
    '{"format":"json","version":1}\n{',
    `{"format":"cbor"}\n${document({})}`,
    `{"format":"json","version":1}\n${document({ trace_id: 'x' })}`,
    `{"format":"json","version":1}\n${document({ id: 7 })}`,
  ]) {
    await sendDatagram(daemon.address, bad);
  }
  await daemon.drained();
  expect(received).toEqual(['x', 'é']);
  expect(daemon.rejected()).toBe(5);
  expect(await daemon.lost()).toBe(0);
  await daemon.close();
});

test('no text makes the parser throw', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseDocument(text)));
  expect(parseDocument('null')).toBeNull();
});

test('drops are read from the line of our socket', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  100: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 11 2 0000000000000000 5
  200: 0100007F:9C41 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12 2 0000000000000000 834
`;
  expect(dropsOf(table, 0x9c41)).toBe(834);
  expect(dropsOf(table, 1)).toBe(0);
  expect(dropsOf('', 1)).toBe(0);
});
