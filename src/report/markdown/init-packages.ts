import { formatMs, formatShare } from '../../base/numbers.ts';
import type { InitProfile } from '../../model/profile.ts';
import { initTitle, overheadText, PART_WORDS, shareOfInit, shownParts } from '../profile-words.ts';
import { escapeMarkdown, type MarkdownContext, section, table } from './text.ts';

/** What init spends its time on, by package; empty where the run was not told to profile. */
export function initPackagesSection({ analysis }: MarkdownContext): string {
  const inits = analysis.profiles?.inits ?? [];
  if (inits.length === 0) return '';
  return section('What init spends its time on', ...inits.flatMap(blocks));
}

function blocks(init: InitProfile): string[] {
  const rows = [
    ...init.families.map(({ name, self }) => ({ name, self })),
    ...shownParts(init).map(({ part, spread }) => ({ name: PART_WORDS[part].label, self: spread })),
  ];
  return [
    `${escapeMarkdown(`${initTitle(init)}: ${init.finding}`)}.`,
    table(
      ['package', 'time', 'of init', 'least', 'most'],
      rows.map(({ name, self }) => [
        escapeMarkdown(name),
        formatMs(self.medianMs),
        formatShare(shareOfInit(init, self)),
        formatMs(self.minMs),
        formatMs(self.maxMs),
      ]),
    ),
    escapeMarkdown(overheadText(init)),
  ];
}
