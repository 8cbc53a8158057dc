/** Validates exchanges against `openapi.yaml`. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { parse } from 'yaml';
import type { JournalEntry } from './journal.ts';

type Json = Readonly<Record<string, unknown>>;

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Json>>;
}

const document = parse(readFileSync(new URL('openapi.yaml', import.meta.url), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly 'x-headers': { readonly every: Readonly<Record<string, { required: boolean }>> };
  };
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajvFormats.default(ajv);
ajv.addSchema({ ...document, $id: 'openapi' });

const validators = new Map<string, ValidateFunction>();

/** Validates a value against the schema at `place` in the document. */
function schemaErrors(value: unknown, place: readonly string[], subject: string): string[] {
  const pointer = place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
  const reference = `openapi#/${pointer.join('/')}`;
  let validate = validators.get(reference);
  if (validate === undefined) {
    validate = ajv.compile({ $ref: reference });
    validators.set(reference, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${subject}${instancePath}: ${message ?? 'is wrong'}`);
}

interface MatchedOperation {
  readonly operation: Operation;
  readonly place: readonly string[];
  readonly inPath: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

function findOperation(entry: JournalEntry): MatchedOperation | undefined {
  const url = new URL(entry.path, 'http://simulator');
  const parts = url.pathname.split('/');
  for (const [template, methods] of Object.entries(document.paths)) {
    const method = entry.method.toLowerCase();
    const operation = methods[method];
    const wanted = template.split('/');
    const inPath: Record<string, string> = {};
    const fits = wanted.every((part, at) => {
      if (!part.startsWith('{')) return part === parts[at];
      inPath[part.slice(1, -1)] = decodeURIComponent(parts[at] ?? '');
      return (parts[at] ?? '') !== '';
    });
    if (operation !== undefined && fits && wanted.length === parts.length) {
      return { operation, place: ['paths', template, method], inPath, query: url.searchParams };
    }
  }
  return undefined;
}

function parseJson(bytes: Buffer): { value: unknown } | null {
  try {
    return { value: JSON.parse(bytes.toString()) as unknown };
  } catch {
    return null;
  }
}

/** What is wrong with the request of an exchange; empty where it follows the contract. */
export function validateRequest(entry: JournalEntry): string[] {
  const found = findOperation(entry);
  if (found === undefined) return [`request: ${entry.method} ${entry.path} is no call of the contract`];
  const { operation, place, inPath, query } = found;
  const problems: string[] = [];
  if (!/^Bearer ak_(live|test)_[A-Za-z0-9]{52}$/.test(entry.headers.authorization ?? '')) {
    problems.push('request: no API key of 60 characters in Authorization');
  }
  const parameters = operation.parameters ?? [];
  for (const [at, parameter] of parameters.entries()) {
    const value =
      parameter.in === 'path'
        ? inPath[parameter.name]
        : parameter.in === 'query'
          ? (query.get(parameter.name) ?? undefined)
          : entry.headers[parameter.name.toLowerCase()];
    const subject = `request ${parameter.in} ${parameter.name}`;
    if (value !== undefined) {
      problems.push(...schemaErrors(value, [...place, 'parameters', String(at), 'schema'], subject));
    } else if (parameter.required) problems.push(`${subject}: is missing`);
  }
  for (const name of query.keys()) {
    if (!parameters.some((parameter) => parameter.in === 'query' && parameter.name === name)) {
      problems.push(`request query ${name}: is not in the contract`);
    }
  }
  if (operation.requestBody === undefined) {
    if (entry.body.length > 0) problems.push('request body: there must be none');
    return problems;
  }
  if (!/^application\/json\b/.test(entry.headers['content-type'] ?? '')) {
    problems.push('request header Content-Type: is not application/json');
  }
  const body = parseJson(entry.body);
  const schema = [...place, 'requestBody', 'content', 'application/json', 'schema'];
  return [...problems, ...(body === null ? ['request body: is not JSON'] : schemaErrors(body.value, schema, 'request body'))];
}

/** What is wrong with the answer of an exchange; empty where it follows the contract. */
export function validateAnswer(entry: JournalEntry): string[] {
  const found = findOperation(entry);
  if (found === undefined) return [`answer: ${entry.method} ${entry.path} is no call of the contract`];
  if (entry.status === null) return ['answer: there is none'];
  const { operation, place } = found;
  const range = [String(entry.status), `${Math.floor(entry.status / 100)}XX`].find((name) => operation.responses[name] !== undefined);
  if (range === undefined) return [`answer: status ${entry.status} is not in the contract`];
  const wrong: string[] = [];
  for (const [name, { required }] of Object.entries(document.components['x-headers'].every)) {
    const value = entry.answerHeaders[name.toLowerCase()];
    const subject = `answer header ${name}`;
    if (value !== undefined) {
      wrong.push(...schemaErrors(value, ['components', 'x-headers', 'every', name, 'schema'], subject));
    } else if (required) wrong.push(`${subject}: is missing`);
  }
  if (entry.status === 429 && entry.answerHeaders['retry-after'] === undefined) {
    wrong.push('answer header Retry-After: is missing beside 429');
  }
  const isProblem = entry.status >= 400;
  const type = isProblem ? 'application/problem+json' : 'application/json';
  if (entry.answerHeaders['content-type'] !== type) wrong.push(`answer header Content-Type: is not ${type}`);
  const body = parseJson(entry.answerBody);
  if (body === null) return [...wrong, 'answer body: is not JSON'];
  const at = isProblem ? ['components', 'responses', 'Problem'] : [...place, 'responses', range];
  wrong.push(...schemaErrors(body.value, [...at, 'content', type, 'schema'], 'answer body'));
  if (isProblem && (body.value as { status?: unknown }).status !== entry.status) {
    wrong.push('answer body/status: is not the status of the answer');
  }
  return wrong;
}

/** Validates both sides of an exchange. */
export function validateExchange(entry: JournalEntry): string[] {
  return [...validateRequest(entry), ...validateAnswer(entry)];
}
