/**
 * Reduces GitHub's OpenAPI description (13 MB) to the calls that the action makes, without prose, in `simulator/github-openapi.json`:
 *
 *     npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz
 *     node scripts/cut-github-openapi.ts package/generated/api.github.com.json
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
const PROSE = ['description', 'summary', 'example', 'examples', 'externalDocs', 'tags', 'x-github', 'x-octokit'];

type Tree = Readonly<Record<string, unknown>>;
interface Description {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Tree>>;
  readonly components: Readonly<Record<string, Tree>>;
}

/** Removes prose. Names under `properties` are fields of the API, some of which are called `description`: they stay. */
function withoutProse(node: unknown, areFieldNames = false): unknown {
  if (Array.isArray(node)) return node.map((item) => withoutProse(item));
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([key]) => areFieldNames || !PROSE.includes(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutProse(value, key === 'properties' && !areFieldNames)]));
}

const { openapi, info, ...all } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Description;
const paths = Object.fromEntries(
  Object.entries(OPERATIONS).map(([path, methods]) => [
    path,
    Object.fromEntries(methods.map((method) => [method, withoutProse(all.paths[path]![method])])),
  ]),
);
const components: Record<string, Record<string, unknown>> = {};
const pending: unknown[] = [paths];
for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
  for (const [, kind = '', name = ''] of JSON.stringify(node).matchAll(/"\$ref":"#\/components\/(\w+)\/([^"]+)"/g)) {
    const ofKind = (components[kind] ??= {});
    if (name in ofKind) continue;
    ofKind[name] = withoutProse(all.components[kind]![name]);
    pending.push(ofKind[name]);
  }
}
const title = "A cut of GitHub's REST API description (MIT), made by scripts/cut-github-openapi.ts";
const cut = { openapi, info: { title, version: info.version }, paths, components };
writeFileSync('simulator/github-openapi.json', await format(JSON.stringify(cut), { parser: 'json', printWidth: 110 }));
