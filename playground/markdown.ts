/** Renders a comment as GitHub does. */
import rehypeRaw from 'rehype-raw';
import rehypeSanitize, { defaultSchema, type Options as Schema } from 'rehype-sanitize';
import rehypeStringify from 'rehype-stringify';
import remarkBreaks from 'remark-breaks';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';

/** GitHub's rules, with links that have no target, since a click must not leave the page. */
const SCHEMA: Schema = { ...defaultSchema, attributes: { ...defaultSchema.attributes, a: [] } };

/** Returns HTML without scripts and styles. @param schema by default, links have no targets either */
export async function toHtml(markdown: string, schema: Schema = SCHEMA): Promise<string> {
  const html = await unified()
    .use(remarkParse)
    .use(remarkGfm)
    // In a comment a single newline breaks the line.
    .use(remarkBreaks)
    .use(remarkRehype, { allowDangerousHtml: true })
    .use(rehypeRaw)
    .use(rehypeSanitize, schema)
    .use(rehypeStringify)
    .process(markdown);
  return String(html);
}
