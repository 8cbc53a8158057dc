/**
 * `npm run playground`: combines page, style and script into one HTML file, `.cache/playground/site/v1/index.html`, prints its URL and,
 * outside of CI, opens it in a browser. esbuild has bundled the script before.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { licenceOf, packageFolders } from '../scripts/licences.ts';

const ROOT = join(import.meta.dirname, '..');
const CACHE = join(ROOT, '.cache', 'playground');
const read = (...path: readonly string[]) => readFileSync(join(...path), 'utf8');
const { version } = JSON.parse(read(ROOT, 'package.json')) as { version: string };
const { inputs } = JSON.parse(read(CACHE, 'meta.json')) as { inputs: Record<string, unknown> };

/** In the texts of the samples, `<` must not end or open a script in HTML. */
const script = read(CACHE, 'page.js')
  .trim()
  .replaceAll(/<(?=!--|\/?script)/gi, '\\x3c');
const style = read(import.meta.dirname, 'style.css');
const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = [
  `default-src 'none'`,
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  `worker-src blob:; base-uri 'none'; form-action 'none'`,
].join('; ');
const bundled = packageFolders(Object.keys(inputs).map((path) => ({ nameForCondition: `${ROOT}/${path}` })));
const licences = [...bundled, ROOT].map((folder) => licenceOf(folder));
const licencesText = licences.map(({ title, text }) => `${title}\n\n${text}`).join('\n\n\n');
const html = read(import.meta.dirname, 'index.html')
  .replace('{{policy}}', policy)
  .replace('{{version}}', version)
  .replace('{{licences}}', licencesText.replaceAll('&', '&amp;').replaceAll('<', '&lt;'))
  .replace('<style></style>', () => `<style>${style}</style>`)
  .replace('<script></script>', () => `<script>${script}</script>`);
const path = join(CACHE, 'site', 'v1', 'index.html');
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, html);
console.log(pathToFileURL(path).href);
if (process.env.CI === undefined) {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  // Ignore a missing browser: the URL is printed.
  spawn(opener, [path], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
