import { type Html, html } from '../html-text.ts';
import { backends, handlers } from './backends.ts';
import { bands } from './bands.ts';
import { burst } from './burst.ts';
import { cold } from './cold.ts';
import type { PageContext } from './context.ts';
import { operations } from './operations.ts';
import { isClientSide } from './pieces.ts';
import { tails } from './tail.ts';
import { timeline } from './timeline.ts';

/** Two minutes: where time goes, why p99, cold starts, bursts, time, operations, backends. */
export function whySection(context: PageContext): Html {
  if (isClientSide(context)) {
    return html`<section id="why" aria-labelledby="why-title"><h2 id="why-title">Over time and by operation</h2>
${timeline(context)}${operations(context)}
</section>`;
  }
  return html`<section id="why" aria-labelledby="why-title"><h2 id="why-title">Why</h2>
${bands(context)}${tails(context)}${cold(context)}${burst(context)}${timeline(context)}${operations(context)}${backends(context)}${handlers(context)}
</section>`;
}
