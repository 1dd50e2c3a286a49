import type { AcceptedFinding } from './accepted-findings.ts';

/** What cdk-nag's AwsSolutions finds in a stack of PostgreSQL and why it stays. */
export const ACCEPTED_OF_POSTGRES: readonly AcceptedFinding[] = [
  {
    rule: 'AwsSolutions-VPC7',
    type: 'AWS::EC2::VPC',
    reason:
      'nothing enters or leaves the network, which lives for hours: a flow log would tell of functions and their database only',
  },
  {
    rule: 'AwsSolutions-SMG4',
    type: 'AWS::SecretsManager::Secret',
    reason: 'the password lives for hours and is used once, to seed; it goes with the run',
  },
  {
    rule: 'AwsSolutions-RDS3',
    type: 'AWS::RDS::DBInstance',
    reason:
      'the data can be made again from the seed; a standby in another zone would double the cost and slow nothing but writes',
  },
  {
    rule: 'AwsSolutions-RDS10',
    type: 'AWS::RDS::DBInstance',
    reason: 'it must go with the run',
  },
  {
    rule: 'AwsSolutions-RDS11',
    type: 'AWS::RDS::DBInstance',
    reason: "only the run's own functions reach it, whatever its port",
  },
  {
    rule: 'AwsSolutions-RDS13',
    type: 'AWS::RDS::DBInstance',
    reason: 'the data can be made again from the seed; backups would outlive the run and cost',
  },
];
