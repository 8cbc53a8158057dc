/** Renders Markdown as GitHub does: sanitised GitHub-flavoured Markdown with GitHub's CSS and references. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import rehypeRaw from 'rehype-raw';
import rehypeSanitize from 'rehype-sanitize';
import rehypeStringify from 'rehype-stringify';
import remarkBreaks from 'remark-breaks';
import remarkGfm from 'remark-gfm';
import { remarkAlert } from 'remark-github-blockquote-alert';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';

export interface PreviewDocument {
  readonly name: string;
  /** Markdown of the job summary and of the comment; null where there is none. */
  readonly summary: string | null;
  readonly comment: string | null;
}

/** In a comment a single newline breaks the line, in a summary it does not. */
export async function toHtml(markdown: string, kind: 'summary' | 'comment'): Promise<string> {
  const html = await unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(kind === 'comment' ? [remarkBreaks] : [])
    .use(remarkAlert)
    .use(remarkRehype, { allowDangerousHtml: true })
    .use(rehypeRaw)
    // The default schema is GitHub's.
    .use(rehypeSanitize)
    .use(linkReferences)
    .use(rehypeStringify)
    .process(markdown);
  return String(html);
}

/** The subset of hast's types that is needed here. */
interface Node {
  type: string;
  tagName?: string;
  value?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
}

/** References that GitHub finds in text: mentions, issues, commits. */
const REFERENCE =
  /(?<![\w`./@])@[a-z0-9][a-z0-9-]*(?:\/[\w.-]+)?|(?<![\w/])(?:[\w.-]+\/[\w.-]+)?#\d+\b|\bGH-\d+\b|(?<![\w/.-])[0-9a-f]{7,40}(?![\w/.-])/gi;

/** Links references in text outside of code and links, as GitHub's filters do. */
function linkReferences() {
  return (tree: unknown) => visit(tree as Node);
}

function visit(node: Node): void {
  if (['code', 'pre', 'a'].includes(node.tagName ?? '')) return;
  node.children = (node.children ?? []).flatMap((child) => {
    if (child.type === 'text') return referencesIn(child.value ?? '');
    visit(child);
    return [child];
  });
}

function referencesIn(text: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const found of text.matchAll(REFERENCE)) {
    nodes.push({ type: 'text', value: text.slice(end, found.index) });
    nodes.push({
      type: 'element',
      tagName: 'a',
      properties: { className: ['github-reference'], href: `https://github.com/${found[0]}` },
      children: [{ type: 'text', value: found[0] }],
    });
    end = found.index + found[0].length;
  }
  return [...nodes, { type: 'text', value: text.slice(end) }];
}

const nodeModules = createRequire(import.meta.url);

/** One page with all documents, light or dark like the system; Mermaid from `node_modules` draws the diagrams. */
export async function toPage(documents: readonly PreviewDocument[]): Promise<string> {
  const css = await readFile(nodeModules.resolve('github-markdown-css/github-markdown.css'), 'utf8');
  const mermaid = pathToFileURL(nodeModules.resolve('mermaid/dist/mermaid.min.js')).href;
  const sections = await Promise.all(
    documents.map(async ({ name, summary, comment }) => {
      const parts = [
        comment === null ? '' : article(name, 'Comment', 'comment', await toHtml(comment, 'comment')),
        summary === null ? '' : article(name, 'Job summary', 'summary', await toHtml(summary, 'summary')),
      ];
      return `<section id="${name}"><h1 class="name"><a href="#${name}">${name}</a></h1>${parts.join('')}</section>`;
    }),
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Preview: what people see</title>
<meta name="viewport" content="width=device-width">
<style>${css}
${STYLE}</style></head>
<body>
${sections.join('\n')}
<script src="${mermaid}"></script>
<script>${DRAW}</script>
</body></html>
`;
}

function article(name: string, title: string, kind: string, html: string): string {
  return `<h2 class="kind">${title}</h2><article data-name="${name}-${kind}" class="markdown-body ${kind}">${html}</article>`;
}

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 24px auto; max-width: 1216px; padding: 0 16px; background: light-dark(#fff, #0d1117);
  font: 14px -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; color: light-dark(#59636e, #9198a1); }
.name { font-size: 20px; margin: 40px 0 8px; } .name a { color: inherit; text-decoration: none; }
.kind { font-size: 12px; font-weight: 600; margin: 16px 0 4px; }
.markdown-body { border: 1px solid light-dark(#d1d9e0, #3d444d); border-radius: 6px; padding: 16px; }
.markdown-body.comment { font-size: 14px; } .markdown-body.summary { font-size: 16px; padding: 24px; }
@media (min-width: 900px) { .markdown-body.comment { max-width: 798px; } }
.diagram-error { color: #d1242f; }
`;

/** Draws diagrams like GitHub: strict, and with an error in place of an invalid one. `data-ready` marks the end for the browser test. */
const DRAW = `
(async () => {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme: dark ? 'dark' : 'default' });
  let count = 0;
  for (const code of document.querySelectorAll('pre > code.language-mermaid')) {
    const place = document.createElement('div');
    const folds = [];
    for (let at = code.parentElement; at; at = at.parentElement) if (at.tagName === 'DETAILS' && !at.open) folds.push(at);
    for (const fold of folds) fold.open = true;
    try {
      const { svg } = await mermaid.render('diagram-' + ++count, code.textContent);
      place.className = 'diagram';
      place.innerHTML = svg;
    } catch (error) {
      place.className = 'diagram-error';
      place.textContent = 'Unable to render rich display: ' + error.message;
    }
    code.parentElement.replaceWith(place);
    for (const fold of folds) fold.open = false;
  }
  document.documentElement.dataset.ready = 'true';
})();
`;
