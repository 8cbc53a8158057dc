/**
 * Reduces GitHub's OpenAPI description of its REST API to the calls that the action makes, and writes it to
 * `simulator/github-openapi.json`. The full description has 13 MB (400 MB with its variants), so only the reduced one is committed:
 *
 *     npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz
 *     node scripts/cut-github-openapi.ts package/generated/api.github.com.json
 *
 * It keeps the operations below and all components that they refer to. It drops prose, examples and other operations.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';

const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  '/repos/{owner}/{repo}/issues/{issue_number}/comments': ['get', 'post'],
  '/repos/{owner}/{repo}/issues/comments/{comment_id}': ['patch', 'delete'],
  '/repos/{owner}/{repo}/pulls/{pull_number}': ['get'],
  '/repos/{owner}/{repo}/statuses/{sha}': ['post'],
  '/repos/{owner}/{repo}/actions/artifacts': ['get'],
  '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}': ['get'],
  '/repos/{owner}/{repo}/actions/runs/{run_id}': ['get'],
  '/repos/{owner}/{repo}/git/ref/{ref}': ['get'],
  '/repos/{owner}/{repo}/compare/{basehead}': ['get'],
};
const PROSE_FIELDS = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'tags', 'x-github', 'x-octokit']);

type Node = string | number | boolean | null | readonly Node[] | { readonly [key: string]: Node };
type Tree = Readonly<Record<string, Node>>;

const isTree = (node: Node | undefined): node is Tree => typeof node === 'object' && node !== null && !Array.isArray(node);

function child(node: Node | undefined, key: string): Node {
  const found = isTree(node) ? node[key] : undefined;
  if (found === undefined) throw new Error(`the description has no ${key} where one was expected`);
  return found;
}

/** Removes prose. Names under `properties` are fields of the API, some of which are called `description`: they stay. */
function withoutProse(node: Node, areFieldNames = false): Node {
  if (Array.isArray(node)) return (node as readonly Node[]).map((item) => withoutProse(item));
  if (!isTree(node)) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => areFieldNames || !PROSE_FIELDS.has(key))
      .map(([key, value]) => [key, withoutProse(value, key === 'properties' && !areFieldNames)]),
  );
}

function references(node: Node): string[] {
  if (Array.isArray(node)) return (node as readonly Node[]).flatMap(references);
  if (!isTree(node)) return [];
  const own = typeof node.$ref === 'string' ? [node.$ref] : [];
  return [...own, ...Object.values(node).flatMap(references)];
}

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error('say where api.github.com.json of @octokit/openapi lies');
const description = JSON.parse(readFileSync(source, 'utf8')) as Tree;

const paths = Object.fromEntries(
  Object.entries(OPERATIONS).map(([path, methods]) => [
    path,
    Object.fromEntries(methods.map((method) => [method, withoutProse(child(child(description.paths, path), method))])),
  ]),
);

const components: Record<string, Record<string, Node>> = {};
const pending = references(paths);
for (let reference = pending.pop(); reference !== undefined; reference = pending.pop()) {
  const [, , kind = '', name = ''] = reference.split('/');
  const ofKind = (components[kind] ??= {});
  if (ofKind[name] !== undefined) continue;
  const component = withoutProse(child(child(description.components, kind), name));
  ofKind[name] = component;
  pending.push(...references(component));
}

const cut = {
  openapi: description.openapi,
  info: {
    title: "A cut of GitHub's REST API description (MIT), made by scripts/cut-github-openapi.ts",
    version: child(description.info, 'version'),
  },
  paths,
  components,
};
writeFileSync(
  new URL('../simulator/github-openapi.json', import.meta.url),
  await format(JSON.stringify(cut), { parser: 'json', printWidth: 110 }),
);
