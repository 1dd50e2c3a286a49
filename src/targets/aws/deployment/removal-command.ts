/** `aws` and its arguments that remove a resource, by its type; the argument after it is the id. */
const COMMANDS: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::RestApi': 'apigateway delete-rest-api --rest-api-id',
  'AWS::ApiGatewayV2::Api': 'apigatewayv2 delete-api --api-id',
  'AWS::CloudFormation::Stack': 'cloudformation delete-stack --stack-name',
  'AWS::DynamoDB::Table': 'dynamodb delete-table --table-name',
  'AWS::EC2::NetworkInterface': 'ec2 delete-network-interface --network-interface-id',
  'AWS::EC2::RouteTable': 'ec2 delete-route-table --route-table-id',
  'AWS::EC2::SecurityGroup': 'ec2 delete-security-group --group-id',
  'AWS::EC2::Subnet': 'ec2 delete-subnet --subnet-id',
  'AWS::EC2::VPC': 'ec2 delete-vpc --vpc-id',
  'AWS::EC2::VPCEndpoint': 'ec2 delete-vpc-endpoints --vpc-endpoint-ids',
  'AWS::Lambda::Function': 'lambda delete-function --function-name',
  'AWS::Lambda::Url': 'lambda delete-function-url-config --function-name',
  'AWS::Logs::LogGroup': 'logs delete-log-group --log-group-name',
  'AWS::RDS::DBInstance':
    'rds delete-db-instance --skip-final-snapshot --delete-automated-backups --db-instance-identifier',
  'AWS::RDS::DBParameterGroup': 'rds delete-db-parameter-group --db-parameter-group-name',
  'AWS::RDS::DBSubnetGroup': 'rds delete-db-subnet-group --db-subnet-group-name',
  'AWS::SecretsManager::Secret':
    'secretsmanager delete-secret --force-delete-without-recovery --secret-id',
};

/**
 * A line for a shell with AWS's command line. Types whose removal takes more than one call, or that
 * go with another resource, are left to CloudFormation, which knows the order.
 */
export function removalCommand(
  type: string,
  id: string,
  { stack, region }: { stack: string; region: string },
): string {
  const where = `--region ${region}`;
  if (type === 'AWS::S3::Bucket') return `aws s3 rb --force ${quoted(`s3://${id}`)} ${where}`;
  const command = COMMANDS[type];
  return command === undefined
    ? `aws ${COMMANDS['AWS::CloudFormation::Stack']} ${quoted(stack)} ${where}`
    : `aws ${command} ${quoted(id)} ${where}`;
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
