/**
 * The emulator that is fuzzed, in a process of its own: what it does not survive ends it. Prints its
 * addresses as one line of JSON, and ends with its standard input.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSupervisor } from '../../src/base/processes/supervisor.ts';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { FUNCTION_NAME } from './function-name.ts';

/**
 * Answers what the body says, whatever that is, so that proxy results are fuzzed, too. Behind `/own`
 * it sends the body to its own Runtime API, as only the code of a function can in an invocation.
 */
const HANDLER = `
const { connect } = require('node:net');
const toOwnRuntimeApi = (bytes) => new Promise((resolve) => {
  const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
  const socket = connect({ host, port, allowHalfOpen: true }, () => socket.end(bytes));
  socket.resume();
  socket.on('error', () => {});
  socket.on('close', resolve);
});
exports.handler = async (event, context) => {
  if (event?.rawPath === '/own') {
    const bytes = Buffer.from(event.body, 'base64').toString('latin1').replace('REQUEST-ID', context.awsRequestId);
    await toOwnRuntimeApi(Buffer.from(bytes, 'latin1'));
    return { statusCode: 200, body: 'sent' };
  }
  if (event?.rawPath === '/runtime-api') return { statusCode: 200, body: process.env.AWS_LAMBDA_RUNTIME_API };
  const text = event?.isBase64Encoded ? Buffer.from(event.body, 'base64').toString('latin1') : event?.body;
  try { return JSON.parse(text); } catch { return { statusCode: 200, body: 'ok' }; }
};
`;

const supervisor = createSupervisor();
const emulator = await startEmulator({
  supervisor,
  hostSettings: { maxEnvironments: 24 },
});
const codeFolder = join(supervisor.ownFolder('bench-fuzzed'), 'code');
mkdirSync(codeFolder);
writeFileSync(join(codeFolder, 'index.cjs'), HANDLER);
await emulator.functions.create({
  name: FUNCTION_NAME,
  runtime: 'nodejs24.x',
  codeFolder,
  handler: { file: 'index.cjs', exportName: 'handler' },
  memoryMb: 512,
  timeoutS: 3,
  environment: {},
});
const url = async (kind: 'rest-api' | 'http-api' | 'function-url') =>
  (await emulator.addFront(kind, FUNCTION_NAME)).url;
const addresses = {
  fronts: [await url('rest-api'), await url('http-api'), await url('function-url')],
  awsEndpoint: emulator.awsEndpoint,
  region: emulator.region,
  credentials: emulator.credentials,
};
process.stdout.write(`${JSON.stringify(addresses)}\n`);
process.stdin.resume();
await new Promise((resolve) => process.stdin.once('end', resolve));
const { environmentsPeak } = await emulator.functions.facts();
await emulator.close();
await supervisor.close();
process.stdout.write(`${JSON.stringify({ environmentsPeak })}\n`);
