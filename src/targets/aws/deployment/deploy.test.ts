import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sampleSpec } from '../../../../deploy/stacks/testing/sample-spec.ts';
import { pythonTool } from '../../../../test/python.ts';
import { ToolError, UsageError } from '../../../base/errors.ts';
import { stackClient } from './clients.ts';
import { deploy } from './deploy.ts';
import { deployFailure } from './deploy-failure.ts';
import { destroy } from './destroy.ts';
import { listDeployments } from './list.ts';
import { CdkFailure, checkCdk } from './run-cdk.ts';
import { synth } from './synth.ts';
import { type Answer, queryError, s3Error } from './testing/fault-proxy.ts';
import { smallTemplate } from './testing/small-template.ts';
import { type StandIn, startStandIn } from './testing/stand-in.ts';

const RUN = '20261120-191500-x7f2';
const DYNAMO = `bench-${RUN}-dynamo`;
const UNABORTED = new AbortController().signal;
const SMALL_APP = join(import.meta.dirname, 'testing', 'small-app.ts');

test('without the CDK, one message says what to install', () => {
  expect(() => checkCdk('/nowhere/cdk/child.js')).toThrow(UsageError);
  expect(() => checkCdk('/nowhere/cdk/child.js')).toThrow(
    'npm install --save-dev aws-cdk-lib @aws-cdk/toolkit-lib constructs',
  );
});

describe.skipIf(pythonTool('moto_server') === null)('against moto', () => {
  let standIn: StandIn;
  let folder: string;
  const said: string[] = [];
  const context = (signal = UNABORTED, app = SMALL_APP) => ({
    access: standIn.access,
    supervisor: standIn.supervisor,
    signal,
    app,
    progress: (text: string) => {
      said.push(text);
    },
  });
  const destroyed = () => destroy(RUN, context());

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bench-deploy-'));
    standIn = await startStandIn();
  });
  afterAll(async () => {
    await standIn.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    await standIn.reset();
    said.length = 0;
  });

  test('deploys the real stacks though throttled, reads them back, and leaves nothing', async () => {
    // moto knows no addresses of function URLs and no ids of HTTP APIs.
    const spec = sampleSpec(folder, { fronts: ['rest-api', 'invoke'] });
    const { app: _, ...real } = context();
    const throttled = new Set<string>();
    standIn.proxy.fault = async ({ action }, forward) => {
      // The toolkit is slow to ask for events again.
      const passes = action === 'DescribeStackEvents' || !action.includes('Stack');
      if (passes || throttled.has(action)) return await forward();
      throttled.add(action);
      return queryError(400, 'Throttling', 'Rate exceeded');
    };
    const deployment = await deploy(spec, real);
    expect(deployment).toMatchObject({
      run: RUN,
      region: 'us-east-1',
      createdAt: spec.createdAt,
      expiresAt: spec.expiresAt,
      kept: true,
      stacks: [{ name: DYNAMO, status: 'CREATE_COMPLETE' }],
    });
    const [deployed] = deployment.functions;
    expect(deployed).toMatchObject({ key: spec.stacks[0]?.functions[0]?.key, memoryMb: 1024 });
    expect(Object.keys(deployed?.fronts ?? {})).toEqual(['rest-api']);
    expect(await listDeployments(standIn.access, UNABORTED)).toEqual([deployment]);
    const standing = await standIn.everything();
    expect(standing).toContain(`function ${deployed?.name}`);
    expect(standing.filter((one) => /bucket|assets/.test(one))).toEqual([]);
    expect(said.join('\n')).toMatch(/asset bucket.*writing templates.*CREATE_COMPLETE/s);
    expect(await destroyed()).toEqual([]);
    expect(await standIn.everything()).toEqual([]);
  });

  test('writes the templates and asks AWS nothing', async () => {
    const target = mkdtempSync(join(folder, 'synth-'));
    await synth(standIn.spec(RUN), target, { ...context(), access: undefined } as never);
    expect(readdirSync(target)).toContain(`${DYNAMO}.template.json`);
    expect(standIn.proxy.calls).toEqual([]);
    const broken = join(folder, 'broken.ts');
    writeFileSync(broken, 'export function synth() { throw new Error("no such runtime"); }');
    await expect(synth(standIn.spec(RUN), target, context(UNABORTED, broken))).rejects.toThrow(
      'the CDK made no templates: no such runtime',
    );
  });

  test.each([
    [DYNAMO, 'not of this tool; it is not touched'],
    [`bench-${RUN}-assets`, 'not of this tool; it is not touched'],
  ])('a stranger’s stack %s is not touched, and nothing is made', async (name, message) => {
    await standIn.makeStack(name, smallTemplate(name));
    const before = await standIn.everything();
    const refused = deploy(standIn.spec(RUN), context());
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
    expect(await standIn.everything()).toEqual(before);
  });

  test('stacks of the run itself are to be removed first', async () => {
    await standIn.makeRun(RUN);
    await expect(deploy(standIn.spec(RUN), context())).rejects.toThrow(
      `is there already (CREATE_COMPLETE): remove it first with bench destroy --run ${RUN}`,
    );
  });

  test('a stack that fails halfway is told at once by what failed first; destroy removes all', async () => {
    failStack('User is not authorized to make a role');
    const failed = deploy(standIn.spec(RUN, ['dynamo', 'postgres']), context());
    await expect(failed).rejects.toThrow(
      `the stack ${DYNAMO} could not be made: AWS::IAM::Role Role: User is not authorized to make a role`,
    );
    const [half] = await listDeployments(standIn.access, UNABORTED);
    expect(half?.stacks).toContainEqual({ name: DYNAMO, status: 'CREATE_FAILED' });
    expect(await destroyed()).toEqual([]);
    expect(await standIn.everything()).toEqual([]);
  });

  test('a cap on memory is told with what the account allows', async () => {
    const spec = sampleSpec(folder, { memories: [1024, 3009, 10240] });
    failStack(
      'Resource handler returned message: "\'MemorySize\' value failed to satisfy constraint: Member must have value less than or equal to 3008 (Service: Lambda, Status Code: 400)"',
    );
    await standIn.makeStack(DYNAMO, smallTemplate(DYNAMO), spec);
    const client = await stackClient(standIn.access);
    const error = await deployFailure(new CdkFailure('it failed'), client, spec, UNABORTED);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({
      message:
        '--memory: this account allows functions of at most 3008 MB, and 3009, 10240 was asked for: choose 3008 or less, or ask AWS Support for more',
    });
  });

  test('keys that expire midway: one message; destroy removes the bucket', async () => {
    standIn.proxy.fault = async ({ action }, forward) =>
      action.startsWith('PUT /bench-') && action.includes('.json')
        ? s3Error(400, 'ExpiredToken', 'The provided token has expired.')
        : await forward();
    const expired = deploy(standIn.spec(RUN), context());
    await expect(expired).rejects.toThrow(UsageError);
    await expect(expired).rejects.toThrow(/the AWS credentials have expired; log in again/);
    standIn.proxy.fault = null;
    expect(await standIn.everything()).not.toEqual([]);
    expect(await destroyed()).toEqual([]);
    expect(await standIn.everything()).toEqual([]);
  });

  test('without the right to make stacks, nothing is made', async () => {
    standIn.proxy.fault = async ({ action }, forward) =>
      action === 'CreateStack'
        ? queryError(403, 'AccessDenied', 'not authorized to perform cloudformation:CreateStack')
        : await forward();
    const denied = deploy(standIn.spec(RUN), context());
    await expect(denied).rejects.toThrow(UsageError);
    await expect(denied).rejects.toThrow(
      /cannot deploy .* to us-east-1: these credentials have no right to cloudformation:CreateStack.*bench policy/,
    );
    expect(await standIn.everything()).toEqual([]);
  });

  test('a process that ends by itself is told with its last words', async () => {
    const crash = join(folder, 'crash.ts');
    writeFileSync(crash, 'console.error("out of memory"); process.exit(3)');
    const crashed = deploy(standIn.spec(RUN), context(UNABORTED, crash));
    await expect(crashed).rejects.toThrow(ToolError);
    await expect(crashed).rejects.toThrow(/ended by itself \(3\): .*out of memory/);
    expect(await destroyed()).toEqual([]);
    expect(await standIn.everything()).toEqual([]);
  });

  describe('an abort, then destroy', () => {
    const interrupted = new Error('Ctrl-C');

    /** Aborts when this comes: before it arrives, or once it has been done. */
    async function abortedAt(
      matches: (action: string, stack: string) => boolean,
      arrives: boolean,
    ) {
      const abort = new AbortController();
      standIn.proxy.fault = async ({ action, parameters }, forward) => {
        if (!matches(action, parameters.get('StackName') ?? '')) return await forward();
        if (arrives) await forward();
        abort.abort(interrupted);
        return 'drop';
      };
      const deployed = deploy(standIn.spec(RUN), context(abort.signal));
      await expect(deployed).rejects.toBe(interrupted);
      standIn.proxy.fault = null;
      expect(await destroyed()).toEqual([]);
      expect(await standIn.everything()).toEqual([]);
    }

    test.each([true, false])('at the asset stack, which arrives: %s', async (arrives) => {
      await abortedAt((action) => action === 'CreateStack', arrives);
    });

    test('in the child', async () => {
      const abort = new AbortController();
      const deployed = deploy(standIn.spec(RUN), {
        ...context(abort.signal),
        progress: (text) => {
          if (text === 'writing templates') abort.abort(interrupted);
        },
      });
      await expect(deployed).rejects.toBe(interrupted);
      expect(await standIn.everything()).not.toEqual([]);
      expect(await destroyed()).toEqual([]);
      expect(await standIn.everything()).toEqual([]);
    });

    test('at the stack', async () => {
      await abortedAt((action, stack) => action === 'CreateStack' && stack === DYNAMO, true);
    });
  });

  test('an answer that is lost does not make the asset stack a stranger’s', async () => {
    const abort = new AbortController();
    let lost = false;
    standIn.proxy.fault = async ({ action }, forward) => {
      const answer = await forward();
      if (action !== 'CreateStack' || lost) return answer;
      lost = true;
      return 'drop';
    };
    const deployed = deploy(standIn.spec(RUN), {
      ...context(abort.signal),
      progress: (text) => {
        if (text === 'writing templates') abort.abort(new Error('far enough'));
      },
    });
    await expect(deployed).rejects.toThrow('far enough');
    expect(lost).toBe(true);
  });

  /** The tables' stack is told to have failed at its role, and the other to be busy for ever. */
  function failStack(reason: string): void {
    standIn.proxy.fault = async (call, forward) => {
      const answer = await forward();
      if (answer.status !== 200) return answer;
      const body = String(answer.body);
      if (call.action === 'DescribeStacks') {
        const failed = body.replace(CREATED_DYNAMO, '$1CREATE_FAILED');
        return { ...answer, body: failed.replace(CREATED_POSTGRES, '$1CREATE_IN_PROGRESS') };
      }
      return call.action === 'DescribeStackEvents' && body.includes(DYNAMO)
        ? withFailedRole(answer, reason)
        : answer;
    };
  }
});

const CREATED_POSTGRES = /(<StackName>[^<]*-postgres<.*?<StackStatus>)CREATE_COMPLETE/s;
const CREATED_DYNAMO = /(<StackName>[^<]*-dynamo<.*?<StackStatus>)CREATE_COMPLETE/s;

/** Newest first: the stack, what was cancelled, the cause. */
function withFailedRole(answer: Answer, reason: string): Answer {
  const event = (id: string, type: string, status: string, why: string) =>
    `<member><EventId>${id}</EventId><StackId>s</StackId><StackName>${DYNAMO}</StackName><LogicalResourceId>${id}</LogicalResourceId><ResourceType>${type}</ResourceType><Timestamp>2099-01-01T00:00:00.000Z</Timestamp><ResourceStatus>${status}</ResourceStatus><ResourceStatusReason>${why}</ResourceStatusReason></member>`;
  const failed = [
    event(
      DYNAMO,
      'AWS::CloudFormation::Stack',
      'CREATE_FAILED',
      'The following resource(s) failed to create: [Role, Table].',
    ),
    event('Table', 'AWS::DynamoDB::Table', 'CREATE_FAILED', 'Resource creation cancelled'),
    event('Role', 'AWS::IAM::Role', 'CREATE_FAILED', reason),
  ].join('');
  return {
    ...answer,
    body: String(answer.body).replace(/<StackEvents>/, `<StackEvents>${failed}`),
  };
}
