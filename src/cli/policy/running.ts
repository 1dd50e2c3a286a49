import { ANY, arn, FUNCTIONS, LOG_GROUPS, SECRETS, type Statement, TABLES } from './statement.ts';

/** What measures an existing deployment; the same whatever the backend. */
export function running(): Statement[] {
  return [
    {
      Sid: 'FindDeployments',
      why: 'A live deployment is found by the tags of stacks; the call for all of them takes no name.',
      Action: ['cloudformation:DescribeStacks'],
      Resource: ANY,
    },
    {
      Sid: 'Tables',
      why: 'Whether the tables of a deployment that stands are filled: their mark is read.',
      Action: ['dynamodb:GetItem'],
      Resource: TABLES,
    },
    {
      Sid: 'Secret',
      why: 'The same of Postgres: its seeder is asked, with the password of the database’s owner.',
      Action: ['secretsmanager:GetSecretValue'],
      Resource: SECRETS,
    },
    {
      Sid: 'Call',
      why: 'Invoke and function URLs, signed. Of a URL made since October 2025 Lambda wants both.',
      Action: ['lambda:InvokeFunction', 'lambda:InvokeFunctionUrl'],
      Resource: [...FUNCTIONS, `${FUNCTIONS[0]}:*`],
    },
    {
      Sid: 'CallApis',
      why: 'Our one route of both kinds of API. Ids are made up by AWS: the path is what scopes it.',
      Action: ['execute-api:Invoke'],
      Resource: [arn('execute-api', '*/*/POST/*/graphql')],
    },
    {
      Sid: 'Environments',
      why: 'Before each trial and each forced cold start a variable is changed (a published version and the alias where concurrency is provisioned); concurrency is set for the trial and taken back.',
      Action: [
        'lambda:DeleteFunctionConcurrency',
        'lambda:DeleteProvisionedConcurrencyConfig',
        'lambda:GetFunction',
        'lambda:GetFunctionConcurrency',
        'lambda:GetFunctionConfiguration',
        'lambda:GetFunctionUrlConfig',
        'lambda:GetPolicy',
        'lambda:GetProvisionedConcurrencyConfig',
        'lambda:PublishVersion',
        'lambda:PutFunctionConcurrency',
        'lambda:PutProvisionedConcurrencyConfig',
        'lambda:UpdateAlias',
        'lambda:UpdateFunctionConfiguration',
      ],
      Resource: [...FUNCTIONS, `${FUNCTIONS[0]}:*`],
    },
    {
      Sid: 'OldVersions',
      why: 'Versions that the run published go when the next is there; a function itself is not the run’s to delete.',
      Action: ['lambda:DeleteFunction'],
      Resource: [`${FUNCTIONS[0]}:*`],
    },
    {
      Sid: 'ReadLogs',
      why: 'REPORT lines, by FilterLogEvents or Logs Insights.',
      Action: ['logs:FilterLogEvents', 'logs:GetQueryResults', 'logs:StartQuery'],
      Resource: LOG_GROUPS.flatMap((group) => [group, `${group}:*`]),
    },
    {
      Sid: 'ReadTelemetry',
      why: 'Traces (by the ids that were sent), metrics, the account’s concurrency: none of these calls takes a resource.',
      Action: [
        'cloudwatch:GetMetricData',
        'lambda:GetAccountSettings',
        'logs:StopQuery',
        'xray:BatchGetTraces',
        'xray:CancelTraceRetrieval',
        'xray:GetTraceSegmentDestination',
        'xray:ListRetrievedTraces',
        'xray:StartTraceRetrieval',
      ],
      Resource: ANY,
    },
  ];
}
