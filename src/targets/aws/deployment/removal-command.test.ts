import { expect, test } from 'vitest';
import { removalCommand } from './removal-command.ts';

const where = { stack: 'bench-x-dynamo', region: 'eu-central-1' };

test.each([
  ['AWS::S3::Bucket', 'bench-x', 'aws s3 rb --force s3://bench-x --region eu-central-1'],
  [
    'AWS::RDS::DBInstance',
    'bench-x-db',
    'aws rds delete-db-instance --skip-final-snapshot --delete-automated-backups --db-instance-identifier bench-x-db --region eu-central-1',
  ],
  [
    'AWS::Logs::LogGroup',
    "it's $HOME",
    `aws logs delete-log-group --log-group-name 'it'\\''s $HOME' --region eu-central-1`,
  ],
  // It goes in an order that CloudFormation knows.
  [
    'AWS::IAM::Role',
    'role',
    'aws cloudformation delete-stack --stack-name bench-x-dynamo --region eu-central-1',
  ],
])('%s %s', (type, id, command) => {
  expect(removalCommand(type, id, where)).toBe(command);
});
