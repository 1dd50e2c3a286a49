import { type Html, html } from '../html-text.ts';
import { comparedSection } from './compared.ts';
import type { PageContext } from './context.ts';
import { cost } from './cost.ts';
import { evidenceSection } from './evidence.ts';
import { gateSection } from './gate.ts';
import { initPackages } from './init-packages.ts';
import { memory } from './memory.ts';
import { isClientSide } from './pieces.ts';
import { figuresSection, summarySection } from './summary.ts';
import { whySection } from './why.ts';

/** A part of the page that its menu leads to. */
export interface Section {
  id: string;
  name: string;
  body: Html;
}

type Named = [id: string, name: string, body: Html | null];

/** The page from top to bottom; what a run has nothing for is left out. */
export function sectionsOf(context: PageContext): Section[] {
  const all: Named[] = [
    ['answer', 'Verdict', gateSection(context)],
    ...summaryOf(context),
    ['compared', 'Compared', comparedSection(context)],
    ['why', isClientSide(context) ? 'Over time' : 'Why', whySection(context)],
    ['init', 'Init', titled('init', 'What init spends its time on', initPackages(context))],
    ['memory', 'Memory', titled('memory', 'Memory', memory(context))],
    ['cost', 'Cost', titled('cost', 'Cost', cost(context))],
    ['evidence', 'Evidence', evidenceSection(context)],
  ];
  // Of a gate whose sides have the same code nothing was measured.
  const { cells, gate } = context.analysis;
  const untold = isClientSide(context) ? ['memory', 'cost'] : [];
  const bare = gate !== null && cells.length === 0;
  return all
    .filter(([id]) => !untold.includes(id))
    .filter(([id]) => !bare || id === 'answer' || id === 'evidence')
    .flatMap(([id, name, body]) => (body === null ? [] : [{ id, name, body }]));
}

/** The answer; below a gate's verdict the figures of both sides. */
function summaryOf(context: PageContext): Named[] {
  return context.analysis.gate === null
    ? [['answer', 'Answer', summarySection(context)]]
    : [['figures', 'Figures', figuresSection(context)]];
}

function titled(id: string, name: string, body: Html | null): Html | null {
  return (
    body &&
    html`<section id="${id}" aria-labelledby="${id}-heading"><h2 id="${id}-heading">${name}</h2>
${body}
</section>`
  );
}
