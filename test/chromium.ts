import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';

/** The Chromium that `@sparticuz/chromium` carries. */
export const CHROMIUM_MAJOR = '153';

const EXECUTABLE = 'chromium';

export interface TestBrowser {
  browser: Browser;
  /** Ends the browser and removes its folder. */
  close(): Promise<void>;
}

/**
 * A real, headless Chromium that reaches nothing but files and loopback.
 *
 * The package unpacks itself into TMPDIR and takes any `chromium` it finds there, whatever its
 * version; so it gets a folder of its own (200 MB), which `close` removes, and its version is checked.
 * @param shared a folder of several test files: what one has unpacked there the others need not
 */
export async function startChromium(shared: string | null = null): Promise<TestBrowser> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-chromium-'));
  const before = process.env.TMPDIR;
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const { chromium: playwright } = await import('playwright-core');
    const executablePath = await (shared === null ? unpack(folder) : unpackOnce(shared));
    process.env.TMPDIR = folder;
    const browser = await playwright.launch({
      executablePath,
      headless: true,
      chromiumSandbox: false,
      env: { ...process.env, TMPDIR: folder, HOME: folder },
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--font-render-hinting=none',
      ],
    });
    if (browser.version().split('.')[0] !== CHROMIUM_MAJOR) {
      const found = browser.version();
      await browser.close();
      throw new Error(`Chromium ${found} was started where ${CHROMIUM_MAJOR} was meant`);
    }
    return {
      browser,
      async close() {
        await browser.close();
        process.removeListener('exit', remove);
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

async function unpack(folder: string): Promise<string> {
  process.env.TMPDIR = folder;
  const { default: chromium } = await import('@sparticuz/chromium');
  return await chromium.executablePath();
}

async function unpackOnce(shared: string): Promise<string> {
  const unpacked = join(shared, 'unpacked');
  if (existsSync(unpacked)) return join(unpacked, EXECUTABLE);
  const folder = mkdtempSync(join(shared, 'own-'));
  const executable = await unpack(folder);
  try {
    renameSync(folder, unpacked);
  } catch {
    // Another test file was quicker.
    return executable;
  }
  return join(unpacked, EXECUTABLE);
}
