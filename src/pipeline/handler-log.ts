import { isLoopback, logsClient } from '../aws/clients.ts';
import { pause } from '../aws/waiting.ts';
import { knownFunction, type ProvisionedEndpoint } from '../model/ports.ts';

const LINES_SHOWN = 4;
const LINE_LENGTH = 300;
/** What Lambda says by itself of every invocation. */
const PLATFORM =
  /^((START|END|REPORT|INIT_START|INIT_REPORT|XRAY) |\{"time":"[^"]*","type":"platform\.)/;

/**
 * The last lines a function logged since an instant, without Lambda's own and each once: why it
 * failed, in its own words. Empty where its log has none or cannot be read.
 */
export async function lastWords(
  endpoint: ProvisionedEndpoint,
  sinceMs: number,
  signal: AbortSignal,
): Promise<string[]> {
  const known = knownFunction(endpoint);
  if (known === null) return [];
  const { aws, logGroup } = known;
  const { FilterLogEventsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const client = await logsClient(aws, 1);
  // A line may come after the answer it belongs to: over a pipe here, over CloudWatch there.
  const local = isLoopback(aws);
  const [tries, pauseMs, limitMs] = local ? [5, 100, 3000] : [4, 3000, 15_000];
  const within = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  try {
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const { events = [] } = await client.send(
        new FilterLogEventsCommand({ logGroupName: logGroup, startTime: sinceMs }),
        { abortSignal: within },
      );
      const lines = events.flatMap(({ message = '' }) => wordsOf(message));
      if (lines.length > 0) return [...new Set(lines)].slice(-LINES_SHOWN);
      await pause(pauseMs, within);
    }
    return [];
  } catch {
    // What went wrong is told without it.
    signal.throwIfAborted();
    return [];
  } finally {
    client.destroy();
  }
}

/** A log event as a line to read: of what Lambda logged as JSON its message, of an error the type too. */
function wordsOf(event: string): string[] {
  const text = event.trim();
  if (text === '' || PLATFORM.test(text)) return [];
  const message = text.split('\t').at(-1) ?? text;
  const line = (errorIn(message) ?? withoutTime(text)).replaceAll(/\s+/g, ' ').trim();
  return [line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line];
}

function errorIn(text: string): string | null {
  try {
    const line = JSON.parse(text) as Record<string, unknown>;
    // Lambda's JSON format has what was logged in `message`, text or error.
    const logged = 'level' in line && 'requestId' in line ? line.message : line;
    if (typeof logged === 'string') return logged;
    const { errorType, errorMessage } = logged as Record<string, unknown>;
    if (typeof errorMessage !== 'string') return null;
    return typeof errorType === 'string' ? `${errorType}: ${errorMessage}` : errorMessage;
  } catch {
    return null;
  }
}

/** Time and request id, which differ in each line that says the same, stand at its begin. */
function withoutTime(text: string): string {
  return text
    .replace(/^RequestId: \S+ (Error: )?/, '')
    .replace(/^\d{4}-\d\d-\d\dT\S+\s+(undefined|[0-9a-f-]{36})\s+/, '');
}
