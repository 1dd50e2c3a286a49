import { type PageData, unpacked } from './data.ts';
import { save } from './save.ts';

/** The analysis the page was made of. */
export function wireDownloads(page: PageData): void {
  document.getElementById('download-analysis')?.addEventListener('click', async () => {
    const json = JSON.stringify(await unpacked('analysis'));
    save(new Blob([json], { type: 'application/json' }), page.analysisFile);
  });
}
