import type { TelemetrySink } from '../types.ts';
import { reportLine } from './platform-lines.ts';

/** A sink that also shows every log line as it comes, for whoever watches a function work. */
export function mirrored(sink: TelemetrySink, show: (text: string) => void): TelemetrySink {
  return {
    invocation: (record) => {
      sink.invocation(record);
      // START is only known to be due here, after the function's own lines: it would mislead.
      show(reportLine(record));
    },
    gateway: (record) => sink.gateway(record),
    httpApi: (record) => sink.httpApi(record),
    log: (line) => {
      sink.log(line);
      show(line.message.endsWith('\n') ? line.message : `${line.message}\n`);
    },
    throttle: (record) => {
      sink.throttle(record);
      show(`a request of ${record.functionName} was throttled\n`);
    },
  };
}
