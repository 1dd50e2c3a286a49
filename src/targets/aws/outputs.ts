import { z } from 'zod';
import { ToolError } from '../../base/errors.ts';
import { parseJson } from '../../base/parse-json.ts';
import type { DeployedFunction } from '../../model/deployment.ts';

/** As CloudFormation tells it. */
interface StackOutput {
  OutputKey?: string | undefined;
  OutputValue?: string | undefined;
}

const FUNCTION_OUTPUT = /^Function\d+Output$/;

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
});
type FunctionOutput = z.infer<typeof functionSchema>;

/**
 * The functions a stack of ours (or several) tells of in its outputs; other outputs are passed over.
 * Throws ToolError for one that another version of bench must have written.
 */
export function deployedFunctions(outputs: readonly StackOutput[]): DeployedFunction[] {
  return outputs
    .filter(({ OutputKey = '' }) => FUNCTION_OUTPUT.test(OutputKey))
    .map((output) => {
      const of = parsed(output);
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

function frontsOf(of: FunctionOutput): DeployedFunction['fronts'] {
  const { key, region, domain, restApi, httpApi, functionUrl } = of;
  const api = (id: string, path: string) => `https://${id}.execute-api.${region}.${domain}${path}`;
  return {
    ...(restApi && {
      'rest-api': {
        url: api(restApi.id, `/${restApi.stage}/${key}/graphql`),
        dimensions: { ApiName: restApi.name, Stage: restApi.stage },
      },
    }),
    ...(httpApi && {
      'http-api': {
        // The stage $default is not in the path.
        url: api(httpApi.id, `/${key}/graphql`),
        dimensions: { ApiId: httpApi.id, Stage: httpApi.stage },
      },
    }),
    ...(functionUrl && { 'function-url': { url: functionUrl, dimensions: null } }),
  };
}

function parsed({ OutputKey, OutputValue = '' }: StackOutput): FunctionOutput {
  const result = functionSchema.safeParse(parseJson(OutputValue));
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.join('.') || 'its value';
  throw new ToolError(
    `the stack's output ${OutputKey} cannot be read (${where}): was it deployed by another version of bench? Remove it with bench destroy and deploy again`,
  );
}
