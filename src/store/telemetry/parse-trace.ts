import { type Node, parseDocument } from './document.ts';
import { assignRoles, type Span } from './roles.ts';

/** A trace understood: its spans by id, and descriptions of what in it was malformed. */
export interface ParsedTrace {
  id: string;
  spans: Map<string, Span>;
  problems: string[];
}

/** One line of the raw file: a RawTrace. Null where it is none; `damage` hears of what is malformed. */
export function parseTrace(
  line: string,
  damage: (description: string) => void,
): ParsedTrace | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    damage('a line is not JSON');
    return null;
  }
  const trace = readTrace(value);
  if (trace === null) damage('a line is not a trace with Id and Segments');
  else for (const problem of trace.problems) damage(problem);
  return trace;
}

/** A RawTrace as it came; null where it is none. */
export function readTrace(value: unknown): ParsedTrace | null {
  if (typeof value !== 'object' || value === null || !('Id' in value) || !('Segments' in value)) {
    return null;
  }
  const { Id: id, Segments: segments } = value;
  if (typeof id !== 'string' || id === '' || !Array.isArray(segments)) return null;
  const problems: string[] = [];
  if ('LimitExceeded' in value && value.LimitExceeded === true) {
    problems.push(`trace ${id.slice(0, 35)} exceeds the size X-Ray stores`);
  }
  const nodes: Node[] = [];
  for (const segment of segments as unknown[]) {
    const document =
      typeof segment === 'object' && segment !== null && 'Document' in segment
        ? segment.Document
        : undefined;
    if (typeof document !== 'string') {
      problems.push(`trace ${id.slice(0, 35)}: a segment has no Document`);
    } else problems.push(...parseDocument(document, nodes));
  }
  return { id, spans: assignRoles(nodes), problems };
}
