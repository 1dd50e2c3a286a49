/** Permissions of CloudFormation's schemas that are for what our stacks do not have. */
export const UNUSED: readonly { is: RegExp; because: string }[] = [
  {
    is: / (kms|kinesis|firehose|elasticfilesystem|s3files|s3tables):/,
    because:
      'no keys of the user’s (the keys that AWS manages allow it by their own policy), streams, file systems or tables of S3',
  },
  {
    is: /Table (dynamodb:(AssociateTableReplica|CreateTableReplica|DeleteItem|DescribeImport|(Dis|En)ableKinesisStreamingDestination|ImportTable|PutResourcePolicy|Query|Scan|UpdateContinuousBackups|UpdateContributorInsights|UpdateItem|UpdateTable|UpdateTimeToLive)|logs:.*|s3:.*|iam:.*)$/,
    because: 'tables without replicas, imports, streams, backups, policies or expiry',
  },
  {
    is: /RestApi (apigateway:UpdateRestApiPolicy|s3:.*|iam:.*)$|Api s3:getObject$/,
    because: 'no resource policy, and no definition in a file',
  },
  {
    is: /Stage apigateway:TagResource$/,
    because: 'IAM has no such action: tags are put by PUT and POST on /tags',
  },
  {
    is: /Association ec2:ReplaceRouteTableAssociation$|VPC ec2:CreateVpcEncryptionControl$/,
    because:
      'an association is made and deleted, not changed; the network has no encryption controls',
  },
  { is: /Policy iam:\w+(Group|User)Policy$/, because: 'policies of roles only' },
  {
    is: /Role iam:(AttachRolePolicy|UntagRole)$/,
    because: 'no managed policies; tags are only ever added',
  },
  {
    is: /(Alias|Version|Function) lambda:(Put(ProvisionedConcurrencyConfig|FunctionConcurrency|FunctionScalingConfig|FunctionRecursionConfig|RuntimeManagementConfig)|AssociateRuntimeAlias|GetCodeSigningConfig|GetLayerVersion|PassCapacityProvider)$|Function s3:GetObjectVersion$/,
    because:
      'no layers, signing, capacity providers or versions of the uploaded code; concurrency is provisioned by the run',
  },
  {
    is: /LogGroup (logs:(CreateLogDelivery|PutBearerTokenAuthentication|(Put|Delete)DataProtectionPolicy|PutIndexPolicy|PutResourcePolicy)|s3:.*)$/,
    because: 'log groups with a retention and nothing else',
  },
  {
    is: /DBInstance (rds:(AddRoleToDBInstance|CreateDBInstanceReadReplica|DescribeDBClusterSnapshots|DescribeDBClusters|DescribeDBInstanceAutomatedBackups|DescribeDBSnapshots|RestoreDBInstance\w+|StartDBInstanceAutomatedBackupsReplication|CreateDBSnapshot)|iam:ListRoles)$/,
    because: 'no roles, replicas, backups or snapshots, the last one before it goes included',
  },
  {
    is: /DBInstance secretsmanager:|DBInstance iam:PassRole$/,
    because: 'the password is a secret of the stack’s own',
  },
  {
    is: /DBSubnetGroup rds:RemoveTagsFromResource$/,
    because: 'tags are only ever added',
  },
  {
    is: /Bucket (s3:(\w*BucketMetadataTableConfiguration|GetBucketAcl|PutAccelerateConfiguration|PutAnalyticsConfiguration|PutBucket(Abac|CORS|Logging|Notification|ObjectLockConfiguration|Replication|Versioning|Website)|Put(IntelligentTiering|Inventory|Metrics|ObjectLock|Replication)Configuration|PutObjectAcl)|iam:PassRole)$/,
    because:
      'a bucket with encryption, ownership, closed to the public, and with a rule that empties it',
  },
  {
    is: /Secret secretsmanager:(ReplicateSecretToRegions|RemoveRegionsFromReplication)$/,
    because: 'one region',
  },
];

/** Of deleting alone: what a handler would do before it deletes. */
export const UNUSED_IN_DELETING: readonly { is: RegExp; because: string }[] = [
  {
    is: /Role iam:TagRole$|DBInstance rds:AddTagsToResource$/,
    because: 'tags of what is about to go, or of a last snapshot',
  },
];
