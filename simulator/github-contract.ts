/** Validates an exchange with the fake GitHub against GitHub's OpenAPI description of its REST API. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Exchange } from './github.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}
interface Operation {
  readonly parameters: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** OpenAPI 3.0 allows `nullable` next to a reference; JSON Schema needs `anyOf` for it. */
function withoutNullable(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nullable' in value) || 'type' in value) return value;
  const { nullable, ...rest } = value;
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
}

const description = JSON.parse(readFileSync(new URL('./github-openapi.json', import.meta.url), 'utf8'), withoutNullable) as Description;
const { paths, components } = description;

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(description, 'github');

/** Escapes a segment of a JSON pointer. */
const escapePointer = (text: string) => text.replaceAll('~', '~0').replaceAll('/', '~1');
const compiled = new Map<string, ValidateFunction>();
function schema(pointer: string): ValidateFunction {
  const known = compiled.get(pointer);
  if (known) return known;
  const made = ajv.compile({ $ref: `github#${pointer}` });
  compiled.set(pointer, made);
  return made;
}

const resolveReference = (reference: string): unknown => {
  const [, , kind = '', name = ''] = reference.split('/');
  return components[kind]?.[name];
};

/** The values of the template's `{…}` parameters; null: the path does not match. */
function matchPath(template: string, path: string): ReadonlyMap<string, string> | null {
  const want = template.split('/');
  const parts = path.split('/');
  // A ref may contain slashes.
  const isRef = want.at(-1) === '{ref}' && parts.length > want.length;
  const have = isRef ? [...parts.slice(0, want.length - 1), parts.slice(want.length - 1).join('/')] : parts;
  if (want.length !== have.length) return null;
  const values = new Map<string, string>();
  for (const [at, part] of want.entries()) {
    const value = have[at] ?? '';
    if (part.startsWith('{')) values.set(part.slice(1, -1), decodeURIComponent(value));
    else if (part !== value) return null;
  }
  return values;
}

/** Paths and queries hold text; a number in them is validated as a number. */
const parseNumber = (text: string): string | number => (/^-?\d{1,15}$/.test(text) ? Number(text) : text);

/**
 * What in the request differs from GitHub's description, and in the answer too unless a fault made it; GraphQL has no description.
 * A status that the description lacks must be a 4xx or 5xx with a body of GitHub's common form.
 */
export function contractViolations({ method, path, body, answer, isGenuine, operation }: Exchange): string[] {
  if (operation === 'viewer') return [];
  const url = new URL(path, 'http://localhost');
  for (const [template, methods] of Object.entries(paths)) {
    const values = matchPath(template, url.pathname);
    const verb = method.toLowerCase();
    const described = methods[verb];
    if (values === null || described === undefined) continue;
    const at = `/paths/${escapePointer(template)}/${verb}`;
    return [
      ...checkParameters(described, at, values, url.searchParams),
      ...checkRequestBody(described, at, body),
      ...(isGenuine && answer !== null ? checkAnswer(described, at, answer) : []),
    ];
  }
  return [`${method} ${url.pathname} is not described`];
}

function checkParameters({ parameters }: Operation, at: string, values: ReadonlyMap<string, string>, query: URLSearchParams): string[] {
  const known = parameters.map((one, index) =>
    '$ref' in one
      ? { ...(resolveReference(one.$ref) as Parameter), pointer: one.$ref.slice(1) }
      : { ...one, pointer: `${at}/parameters/${index}` },
  );
  const invalid = known.flatMap(({ pointer, name, in: place, required }) => {
    const value = place === 'path' ? values.get(name) : (query.get(name) ?? undefined);
    if (value === undefined) return required === true ? [`${name} is missing`] : [];
    const validate = schema(`${pointer}/schema`);
    // Digits may be a number or a text: the schema decides.
    return validate(value) ? [] : problems(validate, parseNumber(value), name);
  });
  const unknown = [...query.keys()].filter((name) => !known.some((one) => one.in === 'query' && one.name === name));
  return [...invalid, ...unknown.map((name) => `the query's ${name} is not described`)];
}

function checkRequestBody(described: Operation, at: string, body: string): string[] {
  if (described.requestBody === undefined) return body === '' ? [] : ['a body is sent where none is described'];
  return problems(schema(`${at}/requestBody/content/application~1json/schema`), JSON.parse(body), 'request');
}

function checkAnswer(described: Operation, at: string, { status, headers, body }: NonNullable<Exchange['answer']>): string[] {
  const name = `answer ${status}`;
  const entry = described.responses[String(status)];
  if (entry === undefined && status < 400) return [`${name} is not described`];
  if (status === 204 || status === 302) return body === '' ? [] : [`${name} has a body`];
  if (!(headers['content-type'] ?? '').startsWith('application/json')) return [`${name} is not JSON`];
  const reference = typeof entry === 'object' && entry !== null && '$ref' in entry ? String(entry.$ref).slice(1) : null;
  const pointer =
    entry === undefined
      ? '/components/schemas/basic-error'
      : `${reference ?? `${at}/responses/${status}`}/content/application~1json/schema`;
  return problems(schema(pointer), JSON.parse(body), name);
}

function problems(validate: ValidateFunction, value: unknown, name: string): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${name}${error.instancePath} ${error.message ?? error.keyword}`);
}
