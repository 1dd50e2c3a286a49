import type { GateResult, GateSide } from '../../model/gate.ts';
import { endedSentence, morePairsSentence, verdictSentence } from '../gate-words.ts';
import { type Html, html } from '../html-text.ts';
import { labelOf, methodText, VERDICT_WORDS } from '../verdict/words.ts';
import type { PageContext } from './context.ts';
import { gateCauses } from './gate-causes.ts';
import { gateCells } from './gate-rows.ts';
import { measured } from './summary.ts';

/** The first screen of a gate: its verdict, both sides, why it ended and failed, and every row. */
export function gateSection(context: PageContext): Html | null {
  const { gate } = context.analysis;
  if (gate === null) return null;
  const said = verdictSentence(gate);
  const more = morePairsSentence(gate);
  return html`<section id="answer" class="gate" aria-labelledby="headline">
<p class="measured">${measured(context)}</p>
<h1 id="headline"${said.length > 110 ? html` class="long"` : ''}><span class="verdict ${gate.verdict}">${VERDICT_WORDS[gate.verdict]}</span> ${said}</h1>
${gate.advisory ? html`<p class="further"><b>Advice only:</b> base was measured in another run, at another time.</p>` : ''}
<p class="sides">${gate.base === null ? '' : html`${side('base', gate.base)}<span class="arrow"> → </span>`}${side('head', gate.head)}</p>
<p class="further">${endedSentence(gate)}${more === null ? '' : ` ${more}`}</p>
${gateCauses(context, gate)}
${gateCells(context, gate)}
${basis(gate)}
</section>`;
}

function side(name: string, { label, commit, note }: GateSide): Html {
  const short = commit?.slice(0, 7) ?? '';
  const code = short === '' ? '' : html` <code title="${commit}">${short}</code>`;
  return html`<span class="side"><span class="soft">${name}</span> <b>${label}</b>${code}${note === null ? '' : html` <span class="soft">${note}</span>`}</span>`;
}

const PAIRS: Record<GateResult['mode'], string> = {
  paired:
    'The round is the pair: both sides of a cell run one right after the other, in random order.',
  budgets: 'Each trial of head is a sample; limits are absolute.',
  baseline: 'Trials of head are set against those of another run: nothing pairs them.',
};

const OFTEN = 'however often it was looked';
/** What the error rate of a verdict rests on. */
const PROVIDED: Record<GateResult['mode'], string> = {
  paired: OFTEN,
  budgets: OFTEN,
  baseline: 'if two runs of the same code differ by no more than the test allows for',
};

/** Rounds that do not count, what else is to be known, and how it was judged. */
function basis(gate: GateResult): Html {
  const { rounds, notes, alpha, runId } = gate;
  const looks =
    rounds.looks.length > 0
      ? ` Verdicts were looked for after rounds ${rounds.looks.join(', ')}.`
      : '';
  const voids = rounds.void.length;
  const counts =
    rounds.run === 0
      ? 'nothing was run'
      : voids === 0
        ? 'every round counts'
        : `${voids} ${voids === 1 ? 'trial does' : 'trials do'} not count`;
  const sentences = [
    methodText(gate),
    `${PAIRS[gate.mode]}${looks} By chance about ${Number((alpha * 100).toFixed(2))}% at most of gates whose head is within its tolerances FAIL, ${PROVIDED[gate.mode]}; the same holds of a PASS beyond them.`,
    `The verdict as JSON, JUnit and Markdown is in the folder gate/ of run ${runId}.`,
  ].filter((text) => text !== '');
  return html`<h2 class="hidden">How it was judged</h2><details class="card basis" id="gate-basis"><summary>How it was judged <span class="soft">${counts}${notes.length > 0 ? `, ${notes.length} ${notes.length === 1 ? 'note' : 'notes'}` : ''}</span></summary>
${notes.length > 0 ? html`<h3>Notes</h3><ul class="told">${notes.map((note) => html`<li>${note}</li>`)}</ul>` : ''}
${voids > 0 ? voidTable(gate) : ''}
<h3>Method</h3><ul class="told">${sentences.map((text) => html`<li>${text}</li>`)}</ul>
</details>`;
}

function voidTable(gate: GateResult): Html {
  return html`<h3>What does not count</h3><div class="scroll tall" tabindex="0" role="region" aria-label="Rounds that do not count"><table><caption class="hidden">Rounds that do not count</caption><thead><tr><th scope="col">cell</th><th scope="col">round</th><th scope="col" class="t">side</th><th scope="col" class="t">why</th></tr></thead><tbody>${gate.rounds.void.map(
    ({ cellId, round, side: which, reason }) =>
      html`<tr><th scope="row">${labelOf(gate, cellId)}</th><td>${round}</td><td class="t">${which}</td><td class="t why">${reason}</td></tr>`,
  )}</tbody></table></div>`;
}
