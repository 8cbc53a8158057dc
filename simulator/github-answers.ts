/** GitHub's answers that depend on no state: refusals, those that a test scripts, and minimal values of its OpenAPI description. */
import { readFileSync } from 'node:fs';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent unchanged, any other value as JSON. */
  readonly body?: unknown;
}

/** An error without details. */
export const problem = (status: number, message: string): Answer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
});

/** GitHub's answer to a GITHUB_TOKEN on pull requests from forks, or without the permission. */
export const NOT_ACCESSIBLE: Answer = {
  ...problem(403, 'Resource not accessible by integration'),
  headers: { 'x-accepted-github-permissions': 'issues=write; pull_requests=write' },
};

/** The answer when the hourly limit is used up. @param resetAt in seconds since 1970 */
export const primaryLimit = (resetAt: number): Answer => ({
  ...problem(403, 'API rate limit exceeded for installation ID 1.'),
  headers: { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(resetAt) },
});

/** The answer to too many requests at once. @param retryAfter in seconds; null: no hint */
export const secondaryLimit = (retryAfter: number | null, status: 403 | 429 = 403): Answer => ({
  ...problem(status, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'),
  headers: retryAfter === null ? {} : { 'retry-after': String(retryAfter) },
});

/** The page of a gateway in front of GitHub. */
export const BAD_GATEWAY: Answer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
};

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

const { components } = JSON.parse(readFileSync(new URL('./github-openapi.json', import.meta.url), 'utf8')) as {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};
const EMPTY_VALUES: Readonly<Record<string, unknown>> = { array: [], integer: 0, number: 0, boolean: false };
const FORMATS: Readonly<Record<string, string>> = { uri: 'https://api.github.com/', 'date-time': '2026-04-08T09:00:00Z' };

/** The smallest value that the description allows: all required fields, each empty. @param name under `components/schemas` */
export function minimalValue(name: string): Readonly<Record<string, unknown>> {
  return minimalValueOf({ $ref: `#/components/schemas/${name}` }) as Readonly<Record<string, unknown>>;
}

function minimalValueOf(schema: Schema): unknown {
  const { $ref, type = '', format = '', nullable, required = [], properties = {} } = schema;
  if ($ref !== undefined) return minimalValueOf(components.schemas[$ref.split('/').at(-1) ?? ''] ?? {});
  if (nullable === true) return null;
  if (schema.enum !== undefined) return schema.enum[0];
  if (type !== 'object') return EMPTY_VALUES[type] ?? FORMATS[format] ?? '';
  return Object.fromEntries(required.map((field) => [field, minimalValueOf(properties[field] ?? {})]));
}
