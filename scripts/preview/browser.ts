/** Headless Chromium from the system; the flags keep it from speaking to anyone. */
import { access } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @throws Error that says how to install Chromium where there is none */
export async function launch(): Promise<Browser> {
  for (const executablePath of PLACES) {
    const exists = await access(executablePath).then(
      () => true,
      () => false,
    );
    if (!exists) continue;
    return chromium.launch({
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        // Containers have little shared memory, and pictures are large.
        '--disable-dev-shm-usage',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--disable-quic',
      ],
    });
  }
  throw new Error('No Chromium found: apt-get install -y chromium fonts-noto-color-emoji');
}
