/** Validates exchanges of the simulated servers against the OpenAPI descriptions of their APIs. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { parse } from 'yaml';
import type { Exchange } from './github.ts';
import type { JournalEntry } from './journal.ts';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

interface Operation {
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** An exchange as both descriptions see it. */
interface Described {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** null: it is not to be checked. */
  readonly answer: { readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: string } | null;
}

/** OpenAPI 3.0 allows `nullable` next to a reference; JSON Schema needs `anyOf` for it. */
function withoutNullable(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nullable' in value)) return value;
  const { nullable, ...rest } = value;
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
}

function createContract(description: Description, errorSchema: string) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajvFormats.default(ajv);
  ajv.addSchema({ ...description, $id: 'description' });
  const compiled = new Map<string, ValidateFunction>();

  /** What is wrong with a value by the schema at this pointer. */
  function check(value: unknown, pointer: readonly string[], subject: string): string[] {
    const path = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const validate = compiled.get(path) ?? ajv.compile({ $ref: `description#/${path}` });
    compiled.set(path, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message = 'is wrong' }) => `${subject}${instancePath} ${message}`);
  }

  /** The described operation, and the values in its path. */
  function find(method: string, path: string) {
    const parts = path.split('/');
    for (const [template, methods] of Object.entries(description.paths)) {
      const wanted = template.split('/');
      // A ref may contain slashes.
      const isRef = wanted.at(-1) === '{ref}' && parts.length > wanted.length;
      const actual = isRef ? [...parts.slice(0, wanted.length - 1), parts.slice(wanted.length - 1).join('/')] : parts;
      const operation = methods[method.toLowerCase()];
      if (operation === undefined || actual.length !== wanted.length) continue;
      if (!wanted.every((part, at) => part.startsWith('{') || part === actual[at])) continue;
      const inPath = new Map(wanted.map((part, at) => [part.slice(1, -1), decodeURIComponent(actual[at] ?? '')]));
      return { operation, place: ['paths', template, method.toLowerCase()], inPath };
    }
    return null;
  }

  function resolve(parameter: Parameter | { readonly $ref: string }, pointer: readonly string[]) {
    if (!('$ref' in parameter)) return { ...parameter, pointer };
    const [, ...target] = parameter.$ref.split('/');
    return { ...(description.components[target[1]!]![target[2]!] as Parameter), pointer: target };
  }

  return ({ method, path, headers, body, answer }: Described): string[] => {
    const { pathname, searchParams } = new URL(path, 'http://localhost');
    const found = find(method, pathname);
    if (found === null) return [`${method} ${pathname} is not described`];
    const { operation, place, inPath } = found;
    const parameters = (operation.parameters ?? []).map((one, at) => resolve(one, [...place, 'parameters', String(at)]));
    const wrong = parameters.flatMap(({ name, in: where, required, pointer }) => {
      const text = where === 'path' ? inPath.get(name) : where === 'query' ? searchParams.get(name) : headers[name.toLowerCase()];
      if (text === undefined || text === null) return required === true ? [`${name} is missing`] : [];
      // Digits may be a number or a text: the schema decides.
      const asText = check(text, [...pointer, 'schema'], name);
      const isNumber = typeof text === 'string' && /^-?\d{1,15}$/.test(text);
      return asText.length > 0 && isNumber ? check(Number(text), [...pointer, 'schema'], name) : asText;
    });
    for (const name of searchParams.keys())
      if (!parameters.some((one) => one.in === 'query' && one.name === name)) wrong.push(`the query's ${name} is not described`);
    const requestSchema = [...place, 'requestBody', 'content', 'application/json', 'schema'];
    if (operation.requestBody !== undefined) wrong.push(...check(JSON.parse(body), requestSchema, 'request'));
    else if (body !== '') wrong.push('a body is sent where none is described');
    if (answer === null) return wrong;

    const { status } = answer;
    const range = [String(status), `${String(status)[0]}XX`].find((name) => name in operation.responses);
    if (status === 204 || status === 302) return answer.body === '' ? wrong : [...wrong, `answer ${status} has a body`];
    if (range === undefined && status < 400) return [...wrong, `answer ${status} is not described`];
    const type = String(answer.headers['content-type']).split(';')[0]!;
    const response = range === undefined ? {} : operation.responses[range]!;
    const pointer = '$ref' in response ? String(response.$ref).slice(2).split('/') : [...place, 'responses', range ?? ''];
    const schema = range === undefined ? ['components', 'schemas', errorSchema] : [...pointer, 'content', type, 'schema'];
    if (!/^application\/(?:problem\+)?json$/.test(type)) return [...wrong, `answer ${status} is not JSON`];
    return [...wrong, ...check(JSON.parse(answer.body), schema, `answer ${status}`)];
  };
}

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const github = createContract(JSON.parse(read('github-openapi.json'), withoutNullable) as Description, 'basic-error');
const api = createContract(parse(read('openapi.yaml')) as Description, 'Problem');

/** What differs from GitHub's description in the request, and in the answer unless a fault made it; GraphQL has no description. */
export function contractViolations({ method, path, headers, body, answer, isGenuine, operation }: Exchange): string[] {
  return operation === 'viewer' ? [] : github({ method, path, headers, body, answer: isGenuine ? answer : null });
}

/** What differs from the vendor's contract in the request and in the answer. */
export function validateExchange({ method, path, headers, body, status, answerHeaders, answerBody }: JournalEntry): string[] {
  const answer = status === null ? null : { status, headers: answerHeaders, body: answerBody.toString() };
  const limits = ['limit', 'remaining', 'reset', 'cost'].map((name) => `x-ratelimit-${name}`);
  return [
    ...(/^Bearer ak_(?:live|test)_\w{52}$/.test(headers.authorization ?? '') ? [] : ['no API key of 60 characters']),
    ...limits.filter((name) => !/^\d+$/.test(String(answerHeaders[name]))).map((name) => `answer header ${name} is not a number`),
    ...(status === 429 && answerHeaders['retry-after'] === undefined ? ['a 429 without Retry-After'] : []),
    ...api({ method, path, headers, body: body.toString(), answer }),
  ];
}
