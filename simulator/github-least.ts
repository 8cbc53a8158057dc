/** The least that GitHub's own description allows for an answer: every field that it requires, with nothing in it. */
import { readFileSync } from 'node:fs';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

const { components } = JSON.parse(
  readFileSync(new URL('./github-openapi.json', import.meta.url), 'utf8'),
) as { readonly components: { readonly schemas: Readonly<Record<string, Schema>> } };

const FORMATS: Readonly<Record<string, string>> = {
  uri: 'https://api.github.com/',
  'date-time': '2026-11-25T09:00:00Z',
};
const NOTHING: Readonly<Record<string, unknown>> = { array: [], integer: 0, number: 0, boolean: false };

/** @param name under `components/schemas` */
export function least(name: string): Readonly<Record<string, unknown>> {
  return leastOf({ $ref: `#/components/schemas/${name}` }) as Readonly<Record<string, unknown>>;
}

function leastOf(schema: Schema): unknown {
  const { $ref, type = '', format = '', nullable, required = [], properties = {} } = schema;
  if ($ref !== undefined) return leastOf(components.schemas[$ref.split('/').at(-1) ?? ''] ?? {});
  if (nullable === true) return null;
  if (schema.enum !== undefined) return schema.enum[0];
  if (type !== 'object') return NOTHING[type] ?? FORMATS[format] ?? '';
  return Object.fromEntries(required.map((field) => [field, leastOf(properties[field] ?? {})]));
}
