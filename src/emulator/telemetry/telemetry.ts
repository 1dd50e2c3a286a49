import { join } from 'node:path';
import { nowUs } from '../../base/clock.ts';
import type {
  GatewayRecord,
  HttpApiRecord,
  InvocationRecord,
  LogLine,
  TelemetrySink,
  ThrottleRecord,
} from '../types.ts';
import { assembleTrace, type TraceParts } from './assemble-trace.ts';
import { startXRayDaemon, type XRayDaemon } from './daemon.ts';
import type { DocumentContext, XRayDocument } from './documents.ts';
import { Journal } from './journal.ts';
import { LogBook } from './log-book.ts';
import { MetricBook } from './metric-book.ts';
import {
  addToTrace,
  gatewayText,
  invocationText,
  lineText,
  RECEIVED,
  throttleText,
} from './records.ts';
import { TraceIndex } from './trace-index.ts';
import { TraceTimes } from './trace-times.ts';

/**
 * Keeps what the emulator's functions and fronts leave behind. Records go to a file as they come; X-Ray
 * documents, log events and metrics are made when they are asked for.
 */
export class Telemetry implements TelemetrySink {
  readonly logs: LogBook;
  readonly metrics = new MetricBook();
  readonly #journal: Journal;
  readonly #traces = new TraceIndex();
  readonly #traceTimes = new TraceTimes();
  readonly #context: DocumentContext;
  #daemon: XRayDaemon | null = null;

  private constructor(journal: Journal, context: DocumentContext) {
    this.#journal = journal;
    this.logs = new LogBook(journal);
    this.#context = context;
  }

  /** @param folder of the supervisor's; holds the records. */
  static async start(folder: string, context: DocumentContext): Promise<Telemetry> {
    const journal = await Journal.create(join(folder, 'telemetry.records'));
    const telemetry = new Telemetry(journal, context);
    telemetry.#daemon = await startXRayDaemon((traceId, document) => {
      telemetry.#trace(traceId, journal.appendBytes(RECEIVED, document));
    }).catch(async (error: unknown) => {
      await journal.close();
      throw error;
    });
    return telemetry;
  }

  /** `127.0.0.1:port` of the X-Ray daemon's socket. */
  get daemonAddress(): string {
    return (this.#daemon as XRayDaemon).address;
  }

  invocation(record: InvocationRecord): void {
    const number = this.#journal.append(invocationText(record));
    if (record.trace.sampled) this.#trace(record.trace.root, number);
    this.logs.invocation(logGroupOf(record.functionName), record, number);
    this.metrics.invocation(record);
  }

  gateway(record: GatewayRecord): void {
    if (record.trace.sampled) {
      const number = this.#journal.append(gatewayText(record));
      this.#trace(record.trace.root, number);
    }
    this.metrics.gateway(record);
  }

  httpApi(record: HttpApiRecord): void {
    this.metrics.httpApi(record);
  }

  log(line: LogLine): void {
    const number = this.#journal.append(lineText(line));
    this.logs.line(logGroupOf(line.functionName), line, number);
  }

  throttle(record: ThrottleRecord): void {
    if (record.trace.sampled) {
      this.#trace(record.trace.root, this.#journal.append(throttleText(record)));
    }
    this.metrics.throttle(record);
  }

  /** Segments of each trace; none where the trace is not known. */
  async segments(traceIds: readonly string[]): Promise<XRayDocument[][]> {
    const numbers = traceIds.map((id) => this.#traces.records(id));
    const texts = await this.#journal.read(numbers.flat());
    let at = 0;
    return traceIds.map((id, i) => {
      const parts: TraceParts = { gateways: [], invocations: [], throttles: [], received: [] };
      for (const _ of numbers[i] as number[]) addToTrace(parts, texts[at++] as string, id);
      return assembleTrace(id, parts, this.#context);
    });
  }

  /** Ids of traces, newest first: by the time within the id, or when their first record came. */
  tracesBetween(by: 'id' | 'arrival', startS: number, endS: number): string[] {
    return this.#traceTimes.between(by, startS, endS);
  }

  /** A document that did not come over the daemon's socket; parseDocument has found it sound. */
  receive(traceId: string, document: string): void {
    this.#trace(traceId, this.#journal.append(RECEIVED + document));
  }

  /** Datagrams that never reached us, or that were not of the daemon's protocol. */
  async lostDatagrams(): Promise<number> {
    return this.#daemon === null ? 0 : (await this.#daemon.lost()) + this.#daemon.rejected();
  }

  /** Everything the sockets hold has been taken in, and everything recorded is in the file. */
  async settle(): Promise<void> {
    await this.#daemon?.drained();
    await this.#journal.flush();
  }

  async close(): Promise<void> {
    await this.#daemon?.close();
    await this.#journal.close();
  }

  #trace(traceId: string, record: number): void {
    if (this.#traces.add(traceId, record)) this.#traceTimes.add(traceId, nowUs());
  }
}

function logGroupOf(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}
