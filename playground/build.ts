/**
 * `npm run playground`: bundles script, style and page into one HTML file, `.cache/playground/site/v1/index.html`, prints its URL and,
 * outside CI, opens it in a browser. With `RELEASE_COMMIT`, the page offers to pin the action to that commit.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { licenceOf, packageFolders } from '../scripts/licences.ts';

const ROOT = join(import.meta.dirname, '..');
const MARKDOWN_CSS = 'node_modules/github-markdown-css/github-markdown.css';
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };

const [commit = ''] = /^[0-9a-f]{40}$/.exec(process.env.RELEASE_COMMIT ?? '') ?? [];

const BROWSER = join(import.meta.dirname, 'browser.ts');
/** Modules of Node that the action's code imports. */
const NOT_IN_BROWSERS = ['node:crypto'];
const { outputFiles, metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: ['playground/page.ts'],
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2024',
  // The script is page and worker, and the packages' builds for pages need a document.
  conditions: ['worker'],
  alias: Object.fromEntries(NOT_IN_BROWSERS.map((name) => [name, BROWSER])),
  inject: [BROWSER],
  write: false,
  metafile: true,
  logLevel: 'warning',
});

/** In the samples' strings, `<` must not end or open a script in HTML. */
const script = (outputFiles[0]?.text ?? '').trim().replaceAll(/<(?=!--|\/?script)/gi, '\\x3c');
const style = `${read(MARKDOWN_CSS)}\n${read('playground/style.css')}`;
const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = [
  `default-src 'none'`,
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  `worker-src blob:; base-uri 'none'; form-action 'none'`,
].join('; ');
const bundled = [...Object.keys(metafile.inputs), MARKDOWN_CSS].map((path) => `${ROOT}/${path}`);
const folders = packageFolders(bundled.map((nameForCondition) => ({ nameForCondition })));
const licences = [...folders, ROOT].map((folder) => licenceOf(folder));
const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const texts: Readonly<Record<string, string>> = {
  policy,
  version,
  commit,
  pin: commit === '' ? 'hidden' : '',
  workflow: escapeHtml(read('examples/first-run.yml')),
  licences: escapeHtml(licences.map(({ title, text }) => `${title}\n\n${text}`).join('\n\n\n')),
};
const html = read('playground/index.html')
  .replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => texts[name] ?? '')
  .replace('<style></style>', () => `<style>${style}</style>`)
  .replace('<script></script>', () => `<script>${script}</script>`);

const path = join(ROOT, '.cache/playground/site/v1/index.html');
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, html);
console.log(pathToFileURL(path).href);
if (process.env.CI === undefined) {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  // A missing browser is no fault, since the URL is printed.
  spawn(opener, [path], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
