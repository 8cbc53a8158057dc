/** The system's headless Chromium, with flags that disable its network traffic. */
import { access } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @throws Error that says how to install Chromium where there is none */
export async function launchChromium(): Promise<Browser> {
  for (const executablePath of EXECUTABLES) {
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
        // Pictures may be larger than a container's shared memory.
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
