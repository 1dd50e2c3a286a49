import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pythonTool } from '../../../../test/python.ts';
import { logsClient } from '../../../aws/clients.ts';
import { stackClient } from './clients.ts';
import { destroy, requestDestroy } from './destroy.ts';
import { listDeployments } from './list.ts';
import { type Call, type Fault, queryError } from './testing/fault-proxy.ts';
import { smallTemplate } from './testing/small-template.ts';
import { type StandIn, startStandIn } from './testing/stand-in.ts';

const RUN = '20261120-191500-x7f2';
const OTHER = '20261119-080000-a1b2';
const UNABORTED = new AbortController().signal;
const DYNAMO = `bench-${RUN}-dynamo`;

describe.skipIf(pythonTool('moto_server') === null)('against moto', () => {
  let standIn: StandIn;
  const said: string[] = [];
  const context = (signal = UNABORTED) => ({
    access: standIn.access,
    signal,
    progress: (text: string) => said.push(text),
  });

  beforeAll(async () => {
    standIn = await startStandIn();
  });
  afterAll(async () => {
    await standIn.stop();
  });
  beforeEach(async () => {
    await standIn.reset();
    said.length = 0;
  });

  test('a run goes whole, with a bucket that has versions and broken uploads', async () => {
    await standIn.makeStack('somebody-else', smallTemplate('somebody-else'));
    const others = await standIn.everything();
    await standIn.makeRun(RUN);
    expect((await standIn.everything()).length).toBeGreaterThan(others.length);
    expect(await destroy(RUN, context())).toEqual([]);
    expect(await standIn.everything()).toEqual(others);
    expect(await destroy(RUN, context())).toEqual([]);
  });

  test('a stack of our name without our tag, and one of our tag without our name, stay', async () => {
    const spec = standIn.spec(RUN);
    await standIn.makeStack(DYNAMO, smallTemplate(DYNAMO));
    await standIn.makeStack('copied-tags', smallTemplate('copied-tags'), spec);
    const before = await standIn.everything();
    expect(await destroy(RUN, context())).toEqual([]);
    expect(await listDeployments(standIn.access, UNABORTED)).toEqual([]);
    expect(await standIn.everything()).toEqual(before);
  });

  test('a stack that was never executed goes', async () => {
    const { CreateChangeSetCommand } = await import('@aws-sdk/client-cloudformation');
    const client = await stackClient(standIn.access);
    await client.send(
      new CreateChangeSetCommand({
        StackName: DYNAMO,
        ChangeSetName: 'review',
        ChangeSetType: 'CREATE',
        TemplateBody: JSON.stringify(smallTemplate(DYNAMO)),
        Tags: [{ Key: 'graphql-lambda-bench:run', Value: RUN }],
      }),
    );
    const [found] = await listDeployments(standIn.access, UNABORTED);
    expect(found?.stacks).toEqual([{ name: DYNAMO, status: 'REVIEW_IN_PROGRESS' }]);
    expect(await destroy(RUN, context())).toEqual([]);
    expect(await standIn.everything()).toEqual([]);
  });

  test('log groups that Lambda made after the stack went, go too; others’ stay', async () => {
    const { CreateLogGroupCommand } = await import('@aws-sdk/client-cloudwatch-logs');
    const client = await logsClient(standIn.access, 1);
    for (const name of [`bench-${RUN}-0-dynamo`, `bench-${OTHER}-0-dynamo`]) {
      await client.send(new CreateLogGroupCommand({ logGroupName: `/aws/lambda/${name}` }));
    }
    expect(await destroy(RUN, context())).toEqual([]);
    expect(await standIn.everything()).toEqual([`log group /aws/lambda/bench-${OTHER}-0-dynamo`]);
  });

  test('what cannot be deleted is tried twice, then listed with what removes it', async () => {
    await standIn.makeRun(RUN);
    standIn.proxy.fault = deleteFails;
    const left = await destroy(RUN, context());
    const deletes = standIn.proxy.calls.filter((action) => action === 'DeleteStack');
    expect(deletes).toHaveLength(3);
    expect(left).toEqual([
      {
        type: 'AWS::DynamoDB::Table',
        id: `${DYNAMO}-table`,
        reason: 'the table is in use',
        command: `aws dynamodb delete-table --table-name ${DYNAMO}-table --region us-east-1`,
      },
      {
        type: 'AWS::IAM::Role',
        id: `${DYNAMO}-role`,
        reason: 'the table is in use',
        command: `aws cloudformation delete-stack --stack-name ${DYNAMO} --region us-east-1`,
      },
      {
        type: 'AWS::CloudFormation::Stack',
        id: DYNAMO,
        reason: 'DELETE_FAILED',
        command: `aws cloudformation delete-stack --stack-name ${DYNAMO} --region us-east-1`,
      },
    ]);
    expect(await standIn.everything()).toEqual([
      `role ${DYNAMO}-role`,
      `stack ${DYNAMO}`,
      `table ${DYNAMO}-table`,
    ]);
    const [half] = await listDeployments(standIn.access, UNABORTED);
    expect(half?.stacks).toEqual([{ name: DYNAMO, status: 'DELETE_FAILED' }]);
    standIn.proxy.fault = null;
    expect(await destroy(RUN, context())).toEqual([]);
    expect(await standIn.everything()).toEqual([]);
  });

  test('throttled and dropped calls are made again', async () => {
    await standIn.makeRun(RUN);
    const seen = new Map<string, number>();
    standIn.proxy.fault = async ({ action }, forward) => {
      const count = seen.get(action) ?? 0;
      seen.set(action, count + 1);
      if (count > 0 || !/Stack/.test(action)) return await forward();
      if (action !== 'DeleteStack') return queryError(400, 'Throttling', 'Rate exceeded');
      // It has arrived, and its answer is lost.
      await forward();
      return 'drop';
    };
    expect(await destroy(RUN, context())).toEqual([]);
    expect(await standIn.everything()).toEqual([]);
  });

  test('without the right to delete, all that stands is listed', async () => {
    await standIn.makeRun(RUN);
    const before = await standIn.everything();
    standIn.proxy.fault = denied('DeleteStack');
    const left = await destroy(RUN, context());
    expect(left.map(({ type, id }) => `${type} ${id}`).sort()).toEqual([
      `AWS::CloudFormation::Stack bench-${RUN}-assets`,
      `AWS::CloudFormation::Stack ${DYNAMO}`,
      `AWS::DynamoDB::Table ${DYNAMO}-table`,
      `AWS::IAM::Role ${DYNAMO}-role`,
      `AWS::S3::Bucket bench-${RUN}-123456789012-us-east-1`,
    ]);
    expect(left.at(-1)?.reason).toMatch(/AccessDenied.*DeleteStack/);
    expect(await standIn.everything()).toEqual(before);
  });

  test('without the right to look, the stacks a run may have are listed as not known', async () => {
    await standIn.makeRun(RUN);
    standIn.proxy.fault = denied('DescribeStacks');
    const left = await destroy(RUN, context());
    expect(left.map(({ id }) => id)).toEqual(
      ['assets', 'dynamo', 'postgres'].map((name) => `bench-${RUN}-${name}`),
    );
    expect(left[0]?.reason).toMatch(/not known: AccessDenied/);
    await expect(listDeployments(standIn.access, UNABORTED)).rejects.toThrow(
      /cannot list the stacks in us-east-1: these credentials have no right to .*bench policy/,
    );
  });

  test('what an ended deploy asked for at the last moment goes, too', async () => {
    const spec = await standIn.makeRun(RUN);
    const late = `bench-${RUN}-postgres`;
    let made = false;
    standIn.proxy.fault = async ({ action }, forward) => {
      if (action === 'DeleteStack' && !made) {
        made = true;
        await standIn.makeStack(late, smallTemplate(late), spec);
      }
      return await forward();
    };
    expect(await destroy(RUN, context())).toEqual([]);
    expect(made).toBe(true);
    expect(await standIn.everything()).toEqual([]);
  });

  test('what is told of only after the first look goes, too', async () => {
    const spec = standIn.spec(RUN);
    let made = false;
    standIn.proxy.fault = async ({ action }, forward) => {
      const answer = await forward();
      if (action === 'DescribeStacks' && !made) {
        made = true;
        await standIn.makeStack(DYNAMO, smallTemplate(DYNAMO), spec);
      }
      return answer;
    };
    expect(await destroy(RUN, context())).toEqual([]);
    expect(await standIn.everything()).toEqual([]);
  });

  test('an abort ends the waiting; the deletes can be asked for without it', async () => {
    await standIn.makeRun(RUN);
    const abort = new AbortController();
    let blocked = true;
    standIn.proxy.fault = async (call, forward) => {
      if (!blocked || call.action !== 'DeleteStack') {
        return await (blocked ? asStatus('DELETE_IN_PROGRESS', call, forward) : forward());
      }
      return { status: 200, headers: { 'content-type': 'text/xml' }, body: DELETED };
    };
    const destroyed = destroy(RUN, {
      ...context(abort.signal),
      progress: (text) => {
        if (/resources left/.test(text)) abort.abort(new Error('Ctrl-C'));
      },
    });
    await expect(destroyed).rejects.toThrow('Ctrl-C');
    blocked = false;
    expect(await requestDestroy(RUN, { access: standIn.access, signal: UNABORTED })).toEqual([
      `bench-${RUN}-assets`,
      DYNAMO,
    ]);
    expect(await standIn.everything()).toEqual([]);
  });

  test('lists runs over pages; of several, one is removed and nothing else', async () => {
    for (let index = 0; index < 52; index += 1) {
      const handle = {
        Resources: { Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' } },
      };
      await standIn.makeStack(`others-${index}`, handle);
    }
    await standIn.makeRun(RUN);
    const spec = standIn.spec(OTHER);
    const name = `bench-${OTHER}-dynamo`;
    const lasting = { ...spec, expiresAt: '2026-12-24T00:00:00.000Z' };
    await standIn.makeStack(name, smallTemplate(name), lasting);
    const found = await listDeployments(standIn.access, UNABORTED);
    expect(found.map(({ run, expiresAt }) => [run, expiresAt])).toEqual([
      [OTHER, '2026-12-24T00:00:00.000Z'],
      [RUN, '2026-11-20T23:15:00.000Z'],
    ]);
    expect(found[1]).toEqual({
      run: RUN,
      region: 'us-east-1',
      createdAt: '2026-11-20T19:15:00.000Z',
      expiresAt: '2026-11-20T23:15:00.000Z',
      kept: true,
      stacks: ['assets', 'dynamo'].map((which) => ({
        name: `bench-${RUN}-${which}`,
        status: 'CREATE_COMPLETE',
      })),
      functions: [],
    });
    expect(await destroy(RUN, context())).toEqual([]);
    const runs = (await listDeployments(standIn.access, UNABORTED)).map(({ run }) => run);
    expect(runs).toEqual([OTHER]);
  });
});

const DELETED =
  '<DeleteStackResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></DeleteStackResponse>';

function denied(action: string): Fault {
  return async (call, forward) =>
    call.action === action
      ? queryError(
          403,
          'AccessDenied',
          `User is not authorized to perform cloudformation:${action}`,
        )
      : await forward();
}

function rewritten(action: string, rewrite: (body: string) => string): Fault {
  return async (call, forward) => {
    const answer = await forward();
    if (call.action !== action || answer.status !== 200) return answer;
    return { ...answer, body: rewrite(String(answer.body)) };
  };
}

/** Every stack is told to be in this state. */
async function asStatus(status: string, call: Call, forward: Parameters<Fault>[1]) {
  return await rewritten('DescribeStacks', (body) =>
    body.replaceAll(/<StackStatus>.*?</g, `<StackStatus>${status}<`),
  )(call, forward);
}

/** CloudFormation does not manage to delete the stack of the tables. */
const deleteFails: Fault = async (call, forward) => {
  const stack = call.parameters.get('StackName') ?? '';
  if (call.action === 'DeleteStack' && stack.includes('-dynamo')) {
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: DELETED };
  }
  if (call.action === 'DescribeStacks') {
    const failed = /(<StackName>[^<]*-dynamo<.*?<StackStatus>)[^<]*/s;
    return await rewritten(call.action, (body) => body.replace(failed, '$1DELETE_FAILED'))(
      call,
      forward,
    );
  }
  if (call.action === 'ListStackResources' && stack.includes('-dynamo')) {
    return await rewritten(call.action, (body) =>
      body.replaceAll(
        /<ResourceStatus>[^<]*<\/ResourceStatus>/g,
        '<ResourceStatus>DELETE_FAILED</ResourceStatus><ResourceStatusReason>the table is in use</ResourceStatusReason>',
      ),
    )(call, forward);
  }
  return await forward();
};
