/** A table and a role of names that begin with the stack's. */
export function smallTemplate(stack: string) {
  return {
    Resources: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: `${stack}-table`,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: `${stack}-role`,
          AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
        },
      },
    },
  };
}
