import { escapeMarkdown, type MarkdownContext, section, table } from './text.ts';

/** Checks that were not passed, trials that are not sound, and warnings. */
export function validitySection({ analysis, cells, label }: MarkdownContext): string {
  const checks = cells.flatMap((cell, i) =>
    cell.validity.checks
      .filter((check) => check.state !== 'sound')
      .map((check) => [
        label(i),
        check.state,
        ...[check.label, check.shown, check.threshold, check.why].map(escapeMarkdown),
      ]),
  );
  const trials = cells.flatMap((cell, i) =>
    cell.validity.trials
      .filter(({ state, used }) => state !== 'sound' || !used)
      .map(({ trial, state, used, reasons }) => [
        label(i),
        String(trial),
        state,
        used ? 'yes' : 'left out',
        escapeMarkdown(reasons.join('; ') || '–'),
      ]),
  );
  return section(
    'Validity',
    checks.length > 0 ? table(['cell', 'state', 'check', 'value', 'threshold', 'why'], checks) : '',
    trials.length > 0 ? table(['cell', 'trial', 'state', 'counts', 'reasons'], trials) : '',
    analysis.warnings
      .map(({ severity, message, cellId, trial }) => {
        const cell = cells.findIndex((one) => one.cell.id === cellId);
        const where = [
          ...(cell >= 0 ? [label(cell)] : []),
          ...(trial === undefined ? [] : [`trial ${trial}`]),
        ].join(', ');
        return `- **${severity}**: ${where === '' ? '' : `${where}: `}${escapeMarkdown(message)}`;
      })
      .join('\n'),
  );
}
