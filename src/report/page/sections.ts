import { type Html, html } from '../html-text.ts';
import { comparedSection } from './compared.ts';
import type { PageContext } from './context.ts';
import { cost } from './cost.ts';
import { evidenceSection } from './evidence.ts';
import { memory } from './memory.ts';
import { summarySection } from './summary.ts';
import { whySection } from './why.ts';

/** A part of the page that its menu leads to. */
export interface Section {
  id: string;
  name: string;
  body: Html;
}

/** The page from top to bottom; what a run has nothing for is left out. */
export function sectionsOf(context: PageContext): Section[] {
  const all: [string, string, Html | null][] = [
    ['answer', 'Answer', summarySection(context)],
    ['compared', 'Compared', comparedSection(context)],
    ['why', 'Why', whySection(context)],
    ['memory', 'Memory', titled('memory', 'Memory', memory(context))],
    ['cost', 'Cost', titled('cost', 'Cost', cost(context))],
    ['evidence', 'Evidence', evidenceSection(context)],
  ];
  return all.flatMap(([id, name, body]) => (body === null ? [] : [{ id, name, body }]));
}

function titled(id: string, name: string, body: Html | null): Html | null {
  return (
    body &&
    html`<section id="${id}" aria-labelledby="${id}-heading"><h2 id="${id}-heading">${name}</h2>
${body}
</section>`
  );
}
