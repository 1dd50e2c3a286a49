import { type PageData, textOf } from './data.ts';
import { save } from './save.ts';

/** The analysis the page was made of: plain JSON, or gzip in base64 where it is long. */
export async function analysisJson(): Promise<Blob> {
  const plain = document.getElementById('analysis');
  if (plain?.dataset.packed !== 'gzip')
    return new Blob([textOf('analysis')], { type: 'application/json' });
  const bytes = Uint8Array.from(atob(textOf('analysis')), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).blob();
}

export function wireDownloads(page: PageData): void {
  document.getElementById('download-analysis')?.addEventListener('click', async () => {
    save(await analysisJson(), page.analysisFile);
  });
}
