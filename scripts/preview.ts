/** `npm run preview`: plays the built action, and takes the pictures in `docs/images` of its comments as GitHub would show them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { defaultSchema } from 'rehype-sanitize';
import { toHtml } from '../playground/markdown.ts';
import { playSteps } from '../simulator/play-story.ts';
import { readStories, type Step } from '../simulator/story.ts';
import { launchChromium } from './browser.ts';

type Playable = Parameters<typeof playSteps>[0];

const stories = readStories();
const review: Step = {
  run: 'clauses',
  with: {
    fail_if: "not compliant: outputs.items.filter(i, i.status != 'compliant')\nnothing reviewed: size(outputs.items) == 0",
    columns: 'document, status, reason',
    comment: 'always',
  },
};
/** The README's picture follows the reader's colour scheme. */
const PICTURES: readonly (readonly [name: string, story: Playable, schemes: readonly ('light' | 'dark')[]])[] = [
  ['comment', review, ['light', 'dark']],
  ['comment-new', stories.get('baseline-one-new')!, ['light']],
  ['comment-no-gate', { run: 'clauses', with: { comment: 'always', title: 'Submittals' } }, ['light']],
  ['comment-runs', { ...stories.get('several-runs')!, then: [] }, ['light']],
];

const CSS = readFileSync(createRequire(import.meta.url).resolve('github-markdown-css/github-markdown.css'), 'utf8');
const STYLE = `:root { color-scheme: light dark; } body { background: light-dark(#fff, #0d1117); }
.markdown-body { border: 1px solid light-dark(#d1d9e0, #3d444d); border-radius: 6px; padding: 16px; font-size: 14px; max-width: 798px; }`;

const browser = await launchChromium();
for (const [name, story, schemes] of PICTURES) {
  const { steps, api, github } = await playSteps(story);
  await Promise.all([api.close(), github.close()]);
  const comment = await toHtml(steps.at(-1)?.comments.at(-1) ?? '', defaultSchema);
  const html = `<!doctype html><meta charset="utf-8"><style>${CSS}\n${STYLE}</style><article class="markdown-body">${comment}</article>`;
  for (const colorScheme of schemes) {
    const page = await browser.newPage({ colorScheme, deviceScaleFactor: 2, viewport: { width: 860, height: 900 } });
    await page.setContent(html);
    const path = join(import.meta.dirname, '..', 'docs', 'images', `${name}-${colorScheme}.png`);
    await page.locator('article').screenshot({ path });
    console.log(path);
  }
}
await browser.close();
