/** What cdk-nag's AwsSolutions finds in our stacks and why it stays. */
export interface AcceptedFinding {
  rule: string;
  /** Of which resources, by CloudFormation's type. */
  type: string;
  reason: string;
}

const ACCOUNT_ROLE =
  "a REST API logs through a role that belongs to the whole account and would outlive the run; X-Ray, the functions' logs and CloudWatch tell of every request";

export const ACCEPTED: readonly AcceptedFinding[] = [
  {
    rule: 'AwsSolutions-APIG1',
    type: 'AWS::ApiGateway::Stage',
    reason: ACCOUNT_ROLE,
  },
  {
    rule: 'AwsSolutions-APIG1',
    type: 'AWS::ApiGatewayV2::Stage',
    reason:
      "an access log of every request would cost more than the API and be read by nobody: the client has the request's id, the function's log its report",
  },
  {
    rule: 'AwsSolutions-APIG2',
    type: 'AWS::ApiGateway::RestApi',
    reason:
      'the handler answers invalid GraphQL as GraphQL does; a validator before it would be measured as part of the front',
  },
  {
    rule: 'AwsSolutions-APIG3',
    type: 'AWS::ApiGateway::Stage',
    reason:
      'every request is signed (IAM), the stage is throttled and lives for hours; a web ACL would be measured as part of the front',
  },
  {
    rule: 'AwsSolutions-APIG6',
    type: 'AWS::ApiGateway::Stage',
    reason: ACCOUNT_ROLE,
  },
  {
    rule: 'AwsSolutions-COG4',
    type: 'AWS::ApiGateway::Method',
    reason: 'IAM authorizes every method; there are no users to keep in a Cognito pool',
  },
  {
    rule: 'AwsSolutions-DDB3',
    type: 'AWS::DynamoDB::Table',
    reason: 'the rows are made from a seed and can be made again; the table goes with the run',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::*]',
    type: 'AWS::IAM::Policy',
    reason:
      "xray:PutTraceSegments and xray:PutTelemetryRecords know no resources (Service Authorization Reference, 'AWS X-Ray'); of functions in a network also what AWS's own AWSLambdaVPCAccessExecutionRole allows Lambda there",
  },
  {
    rule: 'AwsSolutions-L1',
    type: 'AWS::Lambda::Function',
    reason:
      'the runtime is a factor of the measurement: users choose it, the newest is the default',
  },
];
