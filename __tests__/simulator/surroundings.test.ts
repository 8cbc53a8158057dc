/** The module that bends time. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

describe('preloaded modules', () => {
  const LEAPING = { FAST_TIME_SPEED: '30', FAST_TIME_SKIPS_WAITS: '1' };
  const node = async (module: string, env: Record<string, string>, script: string): Promise<string> => {
    const path = new URL(`../../simulator/${module}`, import.meta.url).href;
    const args = ['--import', path, '--input-type=module', '-e', script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 20_000 });
    return stdout.trim();
  };

  test('leap over waits, in order and to the ms, refreshed and repeated timers too', async () => {
    const script = `
      const seen = [], from = performance.now(), at = (name) => seen.push(name + ' ' + (performance.now() - from));
      setTimeout(at, 3_600_000, 'hour');
      setTimeout(at, 60_000, 'minute');
      const again = setTimeout(() => { at('again'); if (seen.length < 3) again.refresh(); }, 40_000);
      const every = setInterval(() => { at('every'); clearInterval(every); }, 90_000);
      clearTimeout(setTimeout(at, 10, 'never'));
      setTimeout(at, 5, 'unref').unref();
      process.on('exit', () => console.log(seen.join(', ')));`;
    expect(await node('fast-time.mjs', LEAPING, script)).toBe(
      'unref 5, again 40000, minute 60000, again 80000, every 90000, hour 3600000',
    );
  });

  test('leap over no wait while a file is read, a name is looked up or an exchange is open', async () => {
    const script = `
      import { readFile } from 'node:fs/promises';
      import { createServer, get } from 'node:http';
      const timer = setTimeout(() => { throw new Error('leapt') }, 1e9);
      for (let n = 0; n < 50; n++) await readFile('package-lock.json');
      const server = createServer((request, response) => setTimeout(() => response.end(request.headers['x-fast-time']), 1_000));
      await new Promise((done) => server.listen(0, '127.0.0.1', done));
      const body = await new Promise((done) => get({ port: server.address().port, host: 'localhost' }, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        done(text);
      }));
      clearTimeout(timer);
      server.close();
      console.log(body === process.pid + ' 0', performance.now() >= 1_000 && performance.now() < 1e9);`;
    expect(await node('fast-time.mjs', LEAPING, script)).toBe('true true');
  });
});
