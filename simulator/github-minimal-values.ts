/** Minimal values that GitHub's OpenAPI description allows: all required fields, each empty. */
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
const EMPTY_VALUES: Readonly<Record<string, unknown>> = { array: [], integer: 0, number: 0, boolean: false };

/** @param name under `components/schemas` */
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
