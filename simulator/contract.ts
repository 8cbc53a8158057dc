/** Compares exchanges of the simulated servers with the OpenAPI descriptions of their APIs. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { parse } from 'yaml';
import type { Exchange } from './github.ts';
import type { JournalEntry } from './journal.ts';

type Parameter = { readonly $ref: string } | { readonly name: string; readonly in: string; readonly required?: boolean };

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** An exchange as both descriptions see it. A null `answer` is not checked. */
type Described = Pick<Exchange, 'method' | 'path' | 'headers' | 'body' | 'answer'>;

/** OpenAPI 3.0 allows `nullable` next to a reference; JSON Schema needs `anyOf` for it. */
function withoutNullable(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nullable' in value)) return value;
  const { nullable, ...rest } = value;
  return nullable === true ? { anyOf: [rest, { type: 'null' }] } : rest;
}

/** Returns a function that lists the differences between an exchange and the description. */
function createContract(description: Description, errorSchema: string) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajvFormats.default(ajv);
  ajv.addSchema({ ...description, $id: 'description' });

  /** Lists the faults of a value by the schema at this pointer. */
  function check(value: unknown, pointer: readonly string[], subject: string): string[] {
    const path = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const validate = ajv.getSchema(`description#/${path}`)!;
    return validate(value) ? [] : validate.errors!.map(({ instancePath, message }) => `${subject}${instancePath} ${message ?? 'is wrong'}`);
  }

  return ({ method, path, headers, body, answer }: Described): string[] => {
    const { pathname, searchParams } = new URL(path, 'http://localhost');
    // A ref may contain slashes.
    const shapeOf = (template: string) =>
      new RegExp(`^${template.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)').replace('<ref>[^/]', '<ref>.')}$`);
    const templates = Object.keys(description.paths).filter((one) => description.paths[one]![method.toLowerCase()] !== undefined);
    const template = templates.find((one) => shapeOf(one).test(pathname));
    if (template === undefined) return [`${method} ${pathname} is not described`];
    const { parameters = [], requestBody, responses } = description.paths[template]![method.toLowerCase()]!;
    const place = ['paths', template, method.toLowerCase()];
    const inPath = shapeOf(template).exec(pathname)!.groups ?? {};
    const named = new Set<string>();
    const wrong = parameters.flatMap((one, at) => {
      const pointer = '$ref' in one ? one.$ref.slice(2).split('/') : [...place, 'parameters', String(at)];
      const parameter = '$ref' in one ? description.components[pointer[1]!]![pointer[2]!] : one;
      const { name, in: where, required } = parameter as Exclude<Parameter, { readonly $ref: string }>;
      if (where === 'query') named.add(name);
      const text = where === 'path' ? inPath[name] : where === 'query' ? searchParams.get(name) : headers[name.toLowerCase()];
      if (text === undefined || text === null) return required === true ? [`${name} is missing`] : [];
      // The schema decides whether digits are a number or a string.
      const asText = check(text, [...pointer, 'schema'], name);
      const isNumber = typeof text === 'string' && /^-?\d{1,15}$/.test(text);
      return asText.length > 0 && isNumber ? check(Number(text), [...pointer, 'schema'], name) : asText;
    });
    wrong.push(...[...searchParams.keys()].filter((name) => !named.has(name)).map((name) => `the query's ${name} is not described`));
    const bodySchema = [...place, 'requestBody', 'content', 'application/json', 'schema'];
    if (requestBody !== undefined) wrong.push(...check(JSON.parse(body), bodySchema, 'request'));
    if (answer === null) return wrong;

    const { status } = answer;
    const range = [String(status), `${String(status)[0]}XX`].find((name) => name in responses);
    if (status === 204 || status === 302) return answer.body === '' ? wrong : [...wrong, `answer ${status} has a body`];
    if (range === undefined && status < 400) return [...wrong, `answer ${status} is not described`];
    const type = String(answer.headers['content-type']).split(';')[0]!;
    const response: { readonly $ref?: string } = responses[range ?? ''] ?? {};
    const pointer = response.$ref?.slice(2).split('/') ?? [...place, 'responses', range ?? ''];
    const schema = range === undefined ? ['components', 'schemas', errorSchema] : [...pointer, 'content', type, 'schema'];
    if (!/^application\/(?:problem\+)?json$/.test(type)) return [...wrong, `answer ${status} is not JSON`];
    return [...wrong, ...check(JSON.parse(answer.body), schema, `answer ${status}`)];
  };
}

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const github = createContract(JSON.parse(read('github-openapi.json'), withoutNullable) as Description, 'basic-error');
const api = createContract(parse(read('openapi.yaml')) as Description, 'Problem');

/** Of these calls the cut has no description. */
const NOT_DESCRIBED: readonly string[] = ['viewer', 'commits', 'commit', 'contents'];

/** Lists the differences from GitHub's description, in the answer only if no fault made it. */
export function contractViolations({ operation, fault, answer, ...request }: Exchange): string[] {
  return NOT_DESCRIBED.includes(operation) ? [] : github({ ...request, answer: fault === null ? answer : null });
}

/** Lists the differences from the vendor's contract in request and answer. */
export function validateExchange({ method, path, headers, body, status, answerHeaders, answerBody }: JournalEntry): string[] {
  const answer = status === null ? null : { status, headers: answerHeaders, body: answerBody.toString() };
  const limits = ['limit', 'remaining', 'reset', 'cost'].map((name) => `x-ratelimit-${name}`);
  return [
    ...(/^Bearer ak_(?:live|test)_\w{52}$/.test(headers.authorization ?? '') ? [] : ['no API key of 60 characters']),
    ...limits.filter((name) => !/^\d+$/.test(answerHeaders[name] ?? '')).map((name) => `answer header ${name} is not a number`),
    ...(status === 429 && answerHeaders['retry-after'] === undefined ? ['a 429 without Retry-After'] : []),
    ...api({ method, path, headers, body: body.toString(), answer }),
  ];
}
