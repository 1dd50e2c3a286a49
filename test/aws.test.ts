import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBench } from './bench.ts';
import { type Moto, pythonTool, startMoto } from './python.ts';

/** The commands for AWS as users call them; against moto, which makes functions and does not run them. */
const cwd = mkdtempSync(join(tmpdir(), 'bench-aws-cli-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const bench = (args: readonly string[], env: Record<string, string>) =>
  startBench(args, cwd, { ...process.env, ...env });
const DYNAMO = ['--backend', 'dynamo', '--memory', '1024', '--front', 'rest-api,invoke'];

/** Whoever asks AWS with these fails at once. */
const NOBODY = {
  ...{ AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_EC2_METADATA_DISABLED: 'true' },
  ...{ AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', HOME: cwd },
};

describe('without an account', () => {
  test('plan tells resources, time and cost', async () => {
    const { ended } = bench(['plan', '--target', 'aws', ...DYNAMO, '--memory', '512,1024'], NOBODY);
    const { code, stdout, stderr } = await ended;
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/\d+ resources on AWS\n/);
    expect(stdout).toMatch(/ 2 {2}AWS::Lambda::Function\n/);
    expect(stdout).toMatch(/cost: \$0\.\d+ to \$0\.\d+ at list prices of us-east-1/);
    expect(stdout).toMatch(/run asks first/);
  });

  test('templates are written for whoever reviews them', async () => {
    const folder = join(cwd, 'templates');
    const { ended } = bench(['deploy', '--synth', folder, ...DYNAMO], NOBODY);
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(stdout.trim()).toMatch(/bench-\d{8}-\d{6}-\w+-dynamo\.template\.json$/);
    expect(readdirSync(folder)).toContain(stdout.trim().split('/').at(-1));
  });

  test.each([
    [['run', '--target', 'aws', '--yes'], /^bench: .*credentials/],
    [['run', '--target', 'aws', '--max-cost', '0.01', '--yes'], /--max-cost allows \(\$0\.0100\)/],
    [['run', '--target', 'aws', '--max-requests', '10', '--yes'], /--max-requests allows \(10 /],
    [['run', '--target', 'aws', '--backend', 'rest'], /--backend: .*"rest".*dynamo, postgres/],
    [['run', '--target', 'aws', '--region', 'mars-north-1'], /--region: "mars-north-1"/],
    [['run', '--keep'], /--keep means nothing without --target aws/],
    [['destroy', '--run', 'x', '--expired'], /leave one of them out/],
    [['ls', '--target', 'local'], /--target: "local"/],
    [['ls', '--region', 'us-east-1'], /--region means nothing/],
  ])('bench %j is refused with one message', async (args, message) => {
    const { code, stderr } = await bench(args, NOBODY).ended;
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });
});

describe.skipIf(pythonTool('moto_server') === null)('with moto, for which Python is needed', () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto();
  }, 30_000);
  afterAll(() => moto?.stop());
  beforeEach(() => moto.reset());

  const command = (...args: string[]) => bench(args, moto.env).ended;

  test('deployed, listed, used, destroyed', { timeout: 60_000 }, async () => {
    const deployed = await command('deploy', ...DYNAMO, '--yes');
    expect(deployed.stderr).toMatch(/account 123456789012 in us-east-1/);
    expect(deployed.code).toBe(0);
    const [run = ''] = deployed.stdout.split(' ');
    expect(deployed.stdout).toMatch(/ {2}1 function {2}dynamo {2}expires in 3 h 59 m\n$/);
    expect((await command('ls', '--target', 'aws')).stdout).toBe(deployed.stdout);

    // The functions are not run: the run ends at its first question, and leaves what it found.
    const ran = await command('run', '--target', 'aws', ...DYNAMO, '--yes');
    expect(ran.stderr).toMatch(`using the deployment ${run}`);
    expect(ran.stderr).toMatch(/operations are not answered as they must be/);
    expect(ran.code).toBe(1);
    expect((await command('ls', '--target', 'aws')).stdout).toBe(deployed.stdout);

    const kept = await command('destroy', '--expired', '--yes');
    expect(kept.stderr).toMatch(/nothing of bench has expired in us-east-1/);
    const destroyed = await command('destroy', '--run', run.slice(0, 12), '--yes');
    expect(destroyed.code).toBe(0);
    expect((await command('ls', '--target', 'aws')).stdout).toBe('');
  });

  test('a run removes what it deployed: failed, interrupted', { timeout: 60_000 }, async () => {
    const failed = await command('run', '--target', 'aws', ...DYNAMO, '--yes');
    expect(failed.stderr).toMatch(/operations are not answered as they must be/);
    expect(failed.stderr).toMatch(/removing \S+ from us-east-1/);
    expect(failed.code).toBe(1);
    expect((await command('ls', '--target', 'aws')).stdout).toBe('');

    const interrupted = bench(['run', '--target', 'aws', ...DYNAMO, '--yes'], moto.env);
    await interrupted.said(/making the asset bucket/);
    process.kill(interrupted.pid, 'SIGINT');
    const { code, stderr } = await interrupted.ended;
    expect(stderr).toMatch(/what was deployed is removed first/);
    expect(code).toBe(130);
    expect((await command('ls', '--target', 'aws')).stdout).toBe('');
  });
});
