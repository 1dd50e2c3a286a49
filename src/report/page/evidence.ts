import { formatMs } from '../../base/numbers.ts';
import type { Waterfall } from '../../model/analysis.ts';
import { PARTS } from '../../model/tables.ts';
import { waterfallChart } from '../charts/waterfall.ts';
import { formatCount } from '../format.ts';
import { type Html, html } from '../html-text.ts';
import { PART_NAMES } from '../labels.ts';
import type { PageContext } from './context.ts';
import { cellName, chartSlot, dataTable, isClientSide, partLegend, stateChip } from './pieces.ts';
import { validity } from './validity.ts';

const KINDS = { slowest: 'One of the slowest', median: 'A median request', cold: 'A cold request' };

/** An afternoon: single requests, validity, failures, method, the run, downloads. */
export function evidenceSection(context: PageContext): Html {
  return html`<section id="evidence" aria-labelledby="evidence-title"><h2 id="evidence-title">Evidence</h2>
${isClientSide(context) ? '' : waterfalls(context)}${validity(context)}${warnings(context)}${failures(context)}${method(context)}${facts(context)}
</section>`;
}

function waterfalls(context: PageContext): Html {
  const { cells } = context.analysis;
  const shown = cells.flatMap((cell, index) =>
    cell.waterfalls.length > 0 ? [{ cell, index }] : [],
  );
  return html`<div class="card" id="waterfalls"><h3>Single requests, span by span</h3>
<p class="soft">Of each cell the three slowest answered requests of hold that have a trace, the median one and the median cold one; all figures elsewhere are of every request. From the trace and the client’s own timings. A bar has the colour of the part its own time counts towards; a pale bar holds others.</p>
${shown.length > 0 ? partLegend(context, new Set(PARTS)) : html`<p class="empty">No trace was read.</p>`}
${shown.map(
  ({ cell, index }, i) =>
    html`<details${i === 0 ? html` open` : ''}><summary>${cellName(context, index)} <span class="soft">${cell.waterfalls.length} requests</span></summary><div class="panels two">${cell.waterfalls.map((waterfall, n) => requestPanel(context, waterfall, `${index + 1}-${n + 1}`))}</div></details>`,
)}</div>`;
}

function requestPanel(context: PageContext, waterfall: Waterfall, place: string): Html {
  const chart = waterfallChart(`waterfall-${place}`, waterfall);
  const left = waterfall.spansLeftOut ?? 0;
  return html`<article class="panel" id="request-${place}"><h4>${KINDS[waterfall.kind]}: ${formatMs(waterfall.totalMs)} <span class="soft">${waterfall.operation} · ${waterfall.cold ? 'cold' : 'warm'} · ${waterfall.outcome} · trial ${waterfall.trial}</span></h4>
${left > 0 ? html`<p class="soft">${formatCount(waterfall.spans.length)} of ${formatCount(waterfall.spans.length + left)} spans are drawn: the longest and those that failed.</p>` : ''}<p class="ids">trace <code>${waterfall.traceId}</code>${waterfall.requestId ? html` request <code>${waterfall.requestId}</code>` : ''}</p>
${chartSlot(context, chart, `Spans of ${waterfall.operation}, ${formatMs(waterfall.totalMs)}`)}${dataTable([chart])}</article>`;
}

function warnings(context: PageContext): Html | null {
  const { warnings: list } = context.analysis;
  if (list.length === 0) return null;
  const order = { void: 0, doubtful: 1, note: 2 };
  const sorted = [...list].sort((a, b) => order[a.severity] - order[b.severity]);
  return html`<div class="card" id="warnings"><h3>Warnings</h3><ul class="warnings">${sorted.map(
    (warning) => {
      const index = context.analysis.cells.findIndex((cell) => cell.cell.id === warning.cellId);
      return html`<li>${stateChip(warning.severity)} <span>${warning.message} <span class="soft">${index >= 0 ? html`${context.names.labels[index]}` : ''}${warning.trial === undefined ? '' : ` trial ${warning.trial}`} <code>${warning.code}</code></span></span></li>`;
    },
  )}</ul></div>`;
}

function failures(context: PageContext): Html | null {
  const rows = context.analysis.cells.flatMap((cell, index) =>
    cell.failures.map((failure) => ({ index, ...failure })),
  );
  if (rows.length === 0) return null;
  return html`<div class="card" id="failures"><h3>Why requests failed</h3><div class="scroll" tabindex="0" role="region" aria-label="Failures"><table><caption class="hidden">Failures by reason</caption><thead><tr><th scope="col">cell</th><th scope="col" class="t">outcome</th><th scope="col" class="t">error</th><th scope="col">requests</th></tr></thead><tbody>${rows.map(
    (row) =>
      html`<tr><th scope="row">${cellName(context, row.index)}</th><td class="t">${row.outcome}</td><td class="t why">${row.error}</td><td>${formatCount(row.requests)}</td></tr>`,
  )}</tbody></table></div></div>`;
}

/** Where it is not what it is locally: of a sample, and of endpoints that the user deployed. */
const METHOD = {
  sampled: {
    begin: 'A trial begins with no environment of its cell.',
    joined:
      'Traced requests are joined to their traces, and all to their REPORT lines where an id tells which is whose.',
  },
  ours: {
    begin: 'A trial begins with no environment of its cell.',
    joined: 'Every request is joined to its trace and its REPORT line.',
  },
  theirs: {
    begin:
      'A trial begins with the environments that are there, or with none where the endpoint has renew: true.',
    joined:
      'A request is joined to its trace and its REPORT line where the function behind the endpoint is known.',
  },
};

function method({ analysis: { run } }: PageContext): Html {
  const { target, traceShare } = run.plan;
  const { begin, joined } =
    METHOD[target === 'url' ? 'theirs' : traceShare < 1 ? 'sampled' : 'ours'];
  return html`<div class="card" id="method"><h3>Method in short</h3><div class="columns"><ul>
<li>Latency is what the client saw: connecting, sending, waiting and receiving. Figures come from answered requests of the hold phase; failures and cold shares from all phases.</li>
<li>${begin} A round runs every cell once, in random order.</li>
<li>The trial is the statistical unit. A percentile is taken in each trial; the figure is the geometric mean over trials, its interval a t interval on the logarithms. Within one trial the interval is that of binomial order statistics and holds only if requests are independent.</li>
<li>A request is cold where the initialisation of its environment overlaps its wait. An environment that was ready before its first request is prewarmed, not cold.</li>
<li>Drawn are what every request adds up to: a percentile curve joins ranks of the requests of its trial, from the fastest to the slowest; a time line has the median and the maximum of each bin and a cross wherever one failed. Where single requests are drawn and there are too many, the figure says how many of how many; nothing is computed from a choice.</li>
<li>Why p99: over the requests above it, the mean of each part minus its mean around the median, as a share of that difference of the whole. Without cold starts it were the p99 of each trial’s warm requests.</li>
<li>A trial that this host or the tool spoiled is void and left out where enough others remain; a trial is never left out for what was measured.</li>
<li>Cells are compared where they differ in one factor. Each round gives one ratio of the two; their geometric mean has a t interval on the logarithms from three rounds on. Intervals are 95% each: of twenty comparisons without a difference one shows one on average.</li>
<li>${joined} What the spans do not account for is shown as unexplained, not spread over the others.</li>
</ul><dl class="parts-list">${PARTS.map((part) => html`<dt><i class="dot part-${part}"></i>${PART_NAMES[part].label}</dt><dd>${PART_NAMES[part].is}</dd>`)}</dl></div></div>`;
}

function facts(context: PageContext): Html {
  const { run } = context.analysis;
  const { fingerprint: host } = run;
  const rows: [string, string][] = [
    ['run', run.runId],
    ['status', run.status],
    ['seed', String(run.plan.seed)],
    [
      host.cpuMode === 'aws' ? 'load from' : 'host',
      `${host.cpuModel}, ${host.cores} cores, ${formatCount(host.memoryMb)} MB, ${host.os} ${host.arch}`,
    ],
    ...(host.cpuMode === 'aws' ? [] : [['CPU', host.cpuMode] as [string, string]]),
    ['Node', host.node],
    ['k6', `${host.k6}, ${host.k6Origin}`],
    ['bench', host.tool],
  ];
  return html`<div class="card" id="run"><h3>The run</h3><dl class="facts">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
<p class="buttons"><button type="button" id="download-analysis">Download the analysis as JSON</button></p></div>`;
}
