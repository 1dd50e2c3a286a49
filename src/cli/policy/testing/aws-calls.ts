import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../base/package-root.ts';

/** A call of AWS's APIs in our source. */
export interface AwsCall {
  file: string;
  /** `lambda:InvokeFunction` */
  action: string;
}

/** IAM's prefix of each client; those of DynamoDB in handlers act with the function's role. */
const PREFIXES: Record<string, string> = {
  cloudformation: 'cloudformation',
  cloudwatch: 'cloudwatch',
  'cloudwatch-logs': 'logs',
  dynamodb: 'dynamodb',
  lambda: 'lambda',
  s3: 's3',
  'secrets-manager': 'secretsmanager',
  sts: 'sts',
  xray: 'xray',
};

/** Operations whose action has another name. Source: Service Authorization Reference. */
const RENAMED: Record<string, string> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  's3:DeleteObjects': 's3:DeleteObject',
  's3:HeadBucket': 's3:ListBucket',
  's3:HeadObject': 's3:GetObject',
  's3:ListBuckets': 's3:ListAllMyBuckets',
  's3:ListMultipartUploads': 's3:ListBucketMultipartUploads',
  's3:ListObjectsV2': 's3:ListBucket',
  's3:ListObjectVersions': 's3:ListBucketVersions',
};

const IMPORT =
  /(?:import\s*\{([^}]*)\}\s*from\s*|\{([^}]*)\}\s*=\s*await import\(\s*)'@aws-sdk\/client-([a-z0-9-]+)'/g;

/** `const sdk = await import(…)`, of which commands are then taken. */
const WHOLE = /const (\w+) = await import\(\s*'@aws-sdk\/client-([a-z0-9-]+)'/g;

/** Every command of an SDK client that a file of src names where it is imported, tests left out. */
export function awsCalls(): AwsCall[] {
  const root = packageRoot();
  const files = globSync('src/**/*.ts', { cwd: root }).filter(
    (file) => !/\.test\.ts$|\/testing\//.test(file),
  );
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const named = [...text.matchAll(IMPORT)].map(([, fixed, loaded, client = '']) => ({
      client,
      operations: operationsIn(fixed ?? loaded ?? ''),
    }));
    const taken = [...text.matchAll(WHOLE)].map(([, name, client = '']) => ({
      client,
      operations: operationsIn(
        [...text.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, 'g'))].map(([, used]) => used).join(),
      ),
    }));
    return [...named, ...taken].flatMap(({ client, operations }) =>
      operations.map((operation) => {
        const prefix = PREFIXES[client];
        if (prefix === undefined) throw new Error(`${file}: no IAM prefix of client-${client}`);
        const action = `${prefix}:${operation}`;
        return { file, action: RENAMED[action] ?? action };
      }),
    );
  });
}

/** `GetItem` of `GetItemCommand` and of `paginateGetItem`. */
function operationsIn(names: string): string[] {
  const found = names.matchAll(/\b(?:(\w+)Command|paginate(\w+))\b/g);
  return [...found].flatMap(([, command, pages]) => command ?? pages ?? []);
}
