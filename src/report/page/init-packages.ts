import { formatMs, formatShare } from '../../base/numbers.ts';
import type { InitProfile, InvocationProfile, Spread } from '../../model/profile.ts';
import { formatCount } from '../format.ts';
import { type Html, html } from '../html-text.ts';
import { initTitle, overheadText, PART_WORDS, shareOfInit, shownParts } from '../profile-words.ts';
import type { PageContext } from './context.ts';

const BAR_WIDTH = 160;
/** Families below this share of init are in the table of every package only. */
const LEAST_SHARE = 0.005;
/** What a profile of 1 ms samples says nothing of. */
const LEAST_MS = 0.05;

/** What init spends its time on, by package; and whose code the slowest invocations ran. */
export function initPackages({ analysis }: PageContext): Html | null {
  const { profiles } = analysis;
  if (profiles === undefined || profiles.inits.length === 0) return null;
  return html`${profiles.inits.map((one) => initCard(one, profiles.inits.length > 1))}${invocations(profiles.invocations)}`;
}

function initCard(init: InitProfile, several: boolean): Html {
  const longest = Math.max(
    ...init.families.map(({ self }) => self.medianMs),
    ...shownParts(init).map(({ spread }) => spread.medianMs),
  );
  const shown = init.families.filter(({ self }) => (shareOfInit(init, self) ?? 0) >= LEAST_SHARE);
  const fewer = init.families.length - shown.length;
  const row = (name: Html | string, self: Spread, kind: string) =>
    html`<tr class="first"><th scope="row">${name}</th><td class="t">${bar(self.medianMs, longest)}</td><td><span class="figure" title="median of ${init.inits} inits"><b>${formatMs(self.medianMs)}</b></span></td><td>${formatShare(shareOfInit(init, self))}</td><td class="soft">${formatMs(self.minMs)} – ${formatMs(self.maxMs)}</td><td class="t soft">${kind}</td></tr>`;
  return html`<div class="card"><h3>${several ? `${initTitle(init)}: ` : ''}${init.finding}</h3>
<p class="soft">Medians of ${init.inits} initialisations of ${initTitle(init)} with V8’s profiler on, from the bundle’s source map${init.by === 'file' ? ' (there was none: files stand for packages)' : ''}. A moment belongs to the innermost package on the stack, with what Node and V8 do for it. ${overheadText(init)}</p>
<div class="scroll tall" tabindex="0" role="region" aria-label="What init spends its time on"><table><caption class="hidden">What init of ${initTitle(init)} spends its time on</caption><thead><tr><th scope="col">package</th><th scope="col" class="t"></th><th scope="col">time</th><th scope="col">of init</th><th scope="col">least – most</th><th scope="col" class="t"></th></tr></thead><tbody>${shown.map(({ name, self, packages }) => row(name, self, packages.length > 1 ? `${formatCount(packages.length)} packages` : ''))}${shownParts(init).map(({ part, spread }) => row(html`<span class="soft">${PART_WORDS[part].label}</span>`, spread, PART_WORDS[part].is))}</tbody></table></div>
<details><summary>Every package${fewer === 0 ? '' : `; ${formatCount(fewer)} more ${fewer === 1 ? 'is' : 'are'} below ${formatShare(LEAST_SHARE)} of init each`}</summary><div class="scroll tall" tabindex="0" role="region" aria-label="Every package"><table><caption class="hidden">Every package of ${initTitle(init)}</caption><thead><tr><th scope="col">package</th><th scope="col" class="t">counted as</th><th scope="col">time</th><th scope="col">least – most</th><th scope="col">with what it calls</th><th scope="col">in Node’s modules</th><th scope="col">collecting garbage</th></tr></thead><tbody>${init.families.flatMap(
    ({ name: family, packages }) =>
      packages.map(
        ({ name, self, withCallsMs, nodeMs, garbageMs }) =>
          html`<tr><th scope="row">${name}</th><td class="t">${family}</td><td>${formatMs(self.medianMs)}</td><td class="soft">${formatMs(self.minMs)} – ${formatMs(self.maxMs)}</td><td>${formatMs(withCallsMs)}</td><td>${formatMs(nodeMs)}</td><td>${formatMs(garbageMs)}</td></tr>`,
      ),
  )}</tbody></table></div></details>
<p class="told">The profiles themselves are beside this report: <code>profiles/${init.cellId}/init-*.cpuprofile</code>. Chrome DevTools, VS Code and speedscope open them.</p></div>`;
}

/** An attribute, not a style: the page's policy allows no inline styles. */
function bar(ms: number, longest: number): Html {
  const width = longest > 0 ? ((ms / longest) * BAR_WIDTH).toFixed(1) : '0';
  return html`<svg width="${BAR_WIDTH}" height="10" aria-hidden="true"><rect width="${width}" height="10" rx="1" fill="currentColor" opacity="0.55"></rect></svg>`;
}

function invocations(
  cells: NonNullable<PageContext['analysis']['profiles']>['invocations'],
): Html | null {
  const rows = cells.flatMap(({ cellId, profiles }) =>
    profiles.map((profile) => ({ cellId, profile })),
  );
  if (rows.length === 0) return null;
  const seen = cells.reduce((sum, { of }) => sum + of, 0);
  return html`<div class="card"><h3>Whose code the slowest invocations ran</h3><p class="soft">Of ${formatCount(seen)} invocations with the profiler on, in a load of some seconds after all rounds; their files are in <code>profiles/</code>. Not running: waiting for an answer, for the CPU quota or for this host. The rest of a duration is of the runtime, or too short to be seen.</p><div class="scroll tall" tabindex="0" role="region" aria-label="Profiled invocations"><table><caption class="hidden">Profiled invocations</caption><thead><tr><th scope="col">cell</th><th scope="col" class="t">invocation</th><th scope="col">duration</th><th scope="col">not running</th><th scope="col" class="t">most of the rest</th><th scope="col" class="t">file</th></tr></thead><tbody>${rows.map(
    ({ cellId, profile }) =>
      html`<tr><th scope="row">${cellId}</th><td class="t">${kindText(profile)}</td><td>${formatMs(profile.durationMs)}</td><td>${formatMs(profile.waitingMs)}</td><td class="t">${profile.packages
        .filter(({ selfMs }) => selfMs >= LEAST_MS)
        .slice(0, 3)
        .map(({ name, selfMs }) => `${name} ${formatMs(selfMs)}`)
        .join(
          ', ',
        )}</td><td class="t"><code>${profile.file.slice(profile.file.lastIndexOf('/') + 1)}</code></td></tr>`,
  )}</tbody></table></div></div>`;
}

function kindText({ kind, first }: InvocationProfile): string {
  const what = kind === 'median' ? 'in the middle' : 'slow';
  return first ? `${what}, first of its environment` : what;
}
