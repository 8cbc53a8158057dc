/** The system's headless Chromium, with flags that disable its own network traffic. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
// A container's shared memory is small.
const FLAGS = ['no-sandbox', 'disable-gpu', 'disable-dev-shm-usage', 'disable-background-networking', 'disable-component-update'];

/** @throws Error that says how to install Chromium if it is missing */
export async function launchChromium(): Promise<Browser> {
  const executablePath = EXECUTABLES.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('No Chromium found: apt-get install -y chromium fonts-noto-color-emoji');
  return chromium.launch({ executablePath, args: [...FLAGS, 'disable-sync', 'no-first-run', 'disable-quic'].map((flag) => `--${flag}`) });
}
