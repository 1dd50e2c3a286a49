import { readFileSync } from 'node:fs';
import { errnoOf, messageOf, UsageError } from '../../base/errors.ts';
import { fileError } from '../../base/files.ts';
import { type Baseline, baselineSchema } from '../../model/gate.ts';

const SAVE = '"bench baseline save"';
const VERSION = baselineSchema.shape.version.value;

/** Reads a stored baseline. Throws UsageError naming the file and what is wrong with it. */
export function readBaseline(path: string): Baseline {
  const value = parsedFile(path);
  const version =
    typeof value === 'object' && value !== null && 'version' in value && value.version;
  if (version === false) {
    throw new UsageError(`${path} is no baseline: it has no version; make one with ${SAVE}`);
  }
  if (version !== VERSION) {
    throw new UsageError(
      `${path} is of version ${JSON.stringify(version)}, this bench reads ${VERSION}: save it again with ${SAVE}`,
    );
  }
  const parsed = baselineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || 'the document';
  throw new UsageError(
    `${path} is damaged: ${field}: ${issue?.message}; save it again with ${SAVE}`,
  );
}

function parsedFile(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') {
      throw new UsageError(`there is no ${path}: make one with ${SAVE}`);
    }
    throw fileError(error, 'read', path);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${messageOf(error)}; make one with ${SAVE}`);
  }
}
