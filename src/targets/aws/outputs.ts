import { z } from 'zod';
import { ToolError } from '../../base/errors.ts';
import type { DeployedFront, DeployedFunction } from '../../model/deployment.ts';
import type { BuiltFront } from '../../model/endpoint.ts';

/** As CloudFormation tells it. */
export interface StackOutput {
  OutputKey?: string | undefined;
  OutputValue?: string | undefined;
}

/** Of a data set in DynamoDB. */
export interface DatasetTables {
  dataset: string;
  users: string;
  tweets: string;
}

const FUNCTION_OUTPUT = /^Function\d+Output$/;
const TABLES_OUTPUT = /^Tables\d+Output$/;

/** What deploy/stacks/outputs.ts writes. */
const functionSchema = z.object({
  key: z.string(),
  name: z.string(),
  qualifier: z.string().nullable(),
  memoryMb: z.int(),
  timeoutS: z.int(),
  codeSha256: z.string(),
  region: z.string(),
  domain: z.string(),
  restApi: z.object({ id: z.string(), name: z.string(), stage: z.string() }).optional(),
  httpApi: z.object({ id: z.string(), stage: z.string() }).optional(),
  functionUrl: z.url().optional(),
  invoke: z.literal(true).optional(),
});
type FunctionOutput = z.infer<typeof functionSchema>;

const tablesSchema = z.object({ dataset: z.string(), users: z.string(), tweets: z.string() });

/**
 * The functions a stack of ours (or several) tells of in its outputs; other outputs are passed over.
 * Throws ToolError for one that another version of bench must have written.
 */
export function deployedFunctions(outputs: readonly StackOutput[]): DeployedFunction[] {
  return parsed(outputs, FUNCTION_OUTPUT, functionSchema).map((of) => {
    const { key, name, qualifier, memoryMb, timeoutS, codeSha256 } = of;
    return {
      key,
      name,
      qualifier,
      logGroup: `/aws/lambda/${name}`,
      memoryMb,
      timeoutS,
      codeSha256,
      fronts: frontsOf(of),
    };
  });
}

/** The tables of each data set of a DynamoDB stack of ours; empty of another. Throws ToolError. */
export function datasetTables(outputs: readonly StackOutput[]): DatasetTables[] {
  return parsed(outputs, TABLES_OUTPUT, tablesSchema);
}

function frontsOf(of: FunctionOutput): DeployedFunction['fronts'] {
  const { key, name, qualifier, region, domain, restApi, httpApi, functionUrl, invoke } = of;
  const api = (id: string, path: string) => `https://${id}.execute-api.${region}.${domain}${path}`;
  const fronts: Partial<Record<BuiltFront, DeployedFront>> = {};
  if (restApi) {
    fronts['rest-api'] = {
      url: api(restApi.id, `/${restApi.stage}/${key}/graphql`),
      dimensions: { ApiName: restApi.name, Stage: restApi.stage },
    };
  }
  if (httpApi) {
    // The stage $default is not in the path.
    fronts['http-api'] = {
      url: api(httpApi.id, `/${key}/graphql`),
      dimensions: { ApiId: httpApi.id, Stage: httpApi.stage },
    };
  }
  if (functionUrl) {
    fronts['function-url'] = { url: functionUrl, dimensions: null };
  }
  if (invoke) {
    const path = `/2015-03-31/functions/${name}/invocations`;
    const query = qualifier === null ? '' : `?Qualifier=${qualifier}`;
    fronts.invoke = { url: `https://lambda.${region}.${domain}${path}${query}`, dimensions: null };
  }
  return fronts;
}

function parsed<T>(outputs: readonly StackOutput[], keys: RegExp, schema: z.ZodType<T>): T[] {
  return outputs
    .filter(({ OutputKey = '' }) => keys.test(OutputKey))
    .map(({ OutputKey, OutputValue = '' }) => {
      const result = schema.safeParse(json(OutputValue));
      if (result.success) return result.data;
      const where = result.error.issues[0]?.path.join('.') || 'its value';
      throw new ToolError(
        `the stack's output ${OutputKey} cannot be read (${where}): was it deployed by another version of bench? Remove it with bench destroy and deploy again`,
      );
    });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
