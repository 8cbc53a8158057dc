/** How GitHub reads Markdown, for tests: its parser's tree, what it would link in the text that is left, and hostile texts. */
import fc from 'fast-check';
import type { Element, ElementContent, Root, RootContent } from 'hast';
import rehypeRaw from 'rehype-raw';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified, type Processor } from 'unified';

/** These look through all text for addresses once more, at a third of the time; `alive` finds each. */
function withoutTransforms(this: Processor): void {
  const data = this.data();
  const all = (data.fromMarkdownExtensions ?? []).flat();
  data.fromMarkdownExtensions = all.map((one) => ({ ...one, transforms: [] }));
}

const pipeline = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(withoutTransforms)
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw);

const character = fc.oneof(fc.nat(0x7f), fc.nat(0xffff), fc.nat(0x10ffff)).map((point) => String.fromCodePoint(point));

/** Any characters, unpaired surrogates included. `fc.string({ unit: 'binary' })` would take a second to create. */
function anyText(length: fc.ArrayConstraints): fc.Arbitrary<string> {
  return fc.array(character, length).map((characters) => characters.join(''));
}

/** The tree before GitHub's sanitiser: what that would strip is still to be seen. */
export function parsed(markdown: string): Root {
  return pipeline.runSync(pipeline.parse(markdown));
}

/** The tree of HTML that another parser made of Markdown. */
export function parsedHtml(html: string): Root {
  return unified()
    .use(rehypeRaw)
    .runSync({ type: 'root', children: [{ type: 'raw', value: html }] });
}

type Node = Root | RootContent | ElementContent;

export function elementsIn(node: Node): Element[] {
  const below = 'children' in node ? node.children.flatMap((child) => elementsIn(child)) : [];
  return node.type === 'element' ? [node, ...below] : below;
}

export function firstOf(node: Node, tagName: string): Element {
  const found = elementsIn(node).find((element) => element.tagName === tagName);
  if (found === undefined) throw new Error(`there is no <${tagName}>`);
  return found;
}

export function textOf(node: Node): string {
  if (node.type === 'text') return node.value;
  return 'children' in node ? node.children.map((child) => textOf(child)).join('') : '';
}

/** Text nodes that GitHub's filters look at: those outside of code. */
function prose(node: Node): string[] {
  if (node.type === 'text') return [node.value];
  if (node.type === 'element' && /^(?:code|pre)$/.test(node.tagName)) return [];
  if (node.type === 'element' && node.tagName === 'br') return ['\n'];
  return 'children' in node ? node.children.flatMap((child) => prose(child)) : [];
}

const LINKED: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['mention', /@[a-z0-9]/i],
  ['issue', /#\d/],
  ['GH-1', /(?<![a-z0-9])GH-\d/i],
  ['advisory', /(?<![a-z0-9])(?:GHSA|CVE)-\w/i],
  ['address', /(?:https?|ftp):\/\/|www\.|[\w.+-]@[\w-]/i],
  ['emoji', /:[\w+-]+:/],
  ['task box', /\[[ x]\]/i],
];

/** What GitHub would link, notify, or make something of, in the text outside of code. Its filters look at each text by itself. */
export function alive(node: Node): string[] {
  const texts = prose(node);
  const found = LINKED.flatMap(([what, pattern]) => (texts.some((text) => pattern.test(text)) ? [what] : []));
  const math = texts.some((text) => text.includes('$') && text !== '$');
  return math ? [...found, 'math'] : found;
}

/** As `alive` for a document, where a line break or the end of a block parts texts. */
export function aliveInDocument(tree: Root): string[] {
  const inline = new Set(['span', 'strong', 'em', 'a', 'sub', 'code']);
  const part = <Part extends Root | RootContent>(node: Part): Part => {
    if (!('children' in node)) return node;
    const children = node.children.map((child) => part(child));
    const isBlock = node.type === 'element' && !inline.has(node.tagName);
    return { ...node, children: isBlock ? [...children, { type: 'text', value: '\n' }] : children };
  };
  return alive(part(tree));
}

const PIECES = (
  '< > ` `` ``` ~~~ ~ * ** _ __ [ ] ( ) | || \\ \\\\ ! # ## @user @org/team #1 GH-1 o/r#1 deadbeef1 0123456789abcdef www. www.x.com ' +
  'JIRA-123 ABC-X1 x_1 t:5 page/7 n=3 @claude /deploy a/merge #ff0000 rgb(1,2,3) p@ss:w#1rd_x1 a|b@c1-d2_e3|f4 ' +
  'a81d0c4f5e6b7a8990a1b2c3d4e5f60718293a4b ghp_0123456789/abcdef+0123456789== ' +
  'http://x.y https://a.b/c a@b.co ftp://x.y mailto:a@b.co xmpp:a@b.c : :tada: - + = --- === 1. 2) > [x] [^1] [^1]: [!NOTE] $ $$ $x$ ' +
  '&amp; &#35; <!-- --> <script> </details> <b> <img/src=x> [x](javascript:1) é 漢 ⚠️ 1️⃣ a 1 word " \' { } ^ % / /merge |--|--| :-: ' +
  '::set-output ::error:: ##[add-mask] ##[ :: \ud800 \udc00 \u200b \u202e \u0085 \u2028 \ufeff \u{e0041} \x1b[31m \0'
).split(' ');

/** Pieces of markup, links and commands in any order, among any characters. */
export const hostile: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...PIECES) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(' ', '    ', '\n', '\n\n', '  \n', '\t', '\r', '\r\n', '- [ ] '),
      },
      { weight: 1, arbitrary: anyText({ maxLength: 5 }) },
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));
