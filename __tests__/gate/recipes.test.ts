/** The gates of docs/conditions.md, "Recipes": each played over outputs with and without what it looks for, and over odd ones. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { compileGate } from '../../src/gate/gate.ts';
import type { JsonObject } from '../../src/json.ts';

const DOCUMENT = readFileSync(new URL('../../docs/conditions.md', import.meta.url), 'utf8');
const [, RECIPES = ''] = /^## Recipes$(.*?)^## /ms.exec(DOCUMENT) ?? [];
const TABLE = [...RECIPES.matchAll(/^\| (.*?) +\| `(.*)` +\|$/gm)].map(([, want = '', write = '']) => ({
  want,
  write: write.replaceAll('\\|', '|'),
}));

/** Red as it should be, green, and red because it cannot be evaluated. */
const MESSAGES = { holds: 'H', does_not_hold: '-', cannot_be_evaluated: '?' } as const;

const compliant = {
  status: 'compliant',
  section: '08 11 13',
  severity: 'low',
  due: '2027-01-31',
  signed_by: 'A',
};
const items = (...changes: JsonObject[]) => ({
  items: [compliant, compliant, compliant, ...changes.map((change) => ({ ...compliant, ...change }))],
});
const rejected = { status: 'rejected' };

/** By what it looks for: outputs with it, outputs without it, and what missing, null, a text and an empty list give. */
const PLAYED: Readonly<Record<string, readonly [found: JsonObject, not: JsonObject, key: string, odd: string]>> = {
  'an item is not compliant': [items(rejected), items(), 'items', '???-'],
  '… or has an unexpected status': [items({ status: 'pending' }), items({ status: 'not applicable' }), 'items', '???-'],
  'an item is rejected, and all else is fine': [items(rejected), items({ status: 'pending' }), 'items', '???-'],
  // Of a text the size is that of the text: the line stands beside a filter, which is red.
  'nothing was reviewed: write it with each `filter`': [{ items: [] }, items(), 'items', '??-H'],
  'more than three items are not compliant': [
    items(rejected, rejected, rejected, rejected),
    items(rejected, rejected, rejected),
    'items',
    '???-',
  ],
  'more than a tenth of them are not': [
    items(rejected),
    { items: [...items().items, ...items().items, ...items().items, rejected] },
    'items',
    '???-',
  ],
  'there are blockers, and their list may be absent': [{ blockers: ['x'] }, { blockers: [] }, 'blockers', '-?H-'],
  'the workflow writes another verdict': [{ verdict: 'rejected' }, { verdict: 'approved' }, 'verdict', '??H?'],
  'the workflow says no': [{ approved: false }, { approved: true }, 'approved', '????'],
  'a score is too low': [{ score: 79.5 }, { score: 80 }, 'score', '????'],
  'an item was due before a day': [items({ due: '2026-12-30' }), items({ due: '2026-12-31' }), 'items', '???-'],
  'an item has a null where a value must be': [items({ signed_by: null }), items(), 'items', '???-'],
  'a section is missing from the review': [{ items: [{ ...compliant, section: '09 30 13' }] }, items(), 'items', '???H'],
  'an item of one division is not compliant': [
    items(rejected),
    items({ ...rejected, section: '09 30 13' }, { status: 'Compliant' }),
    'items',
    '???-',
  ],
  'a word, in any case and with blanks around it': [items({ status: ' Rejected' }), items({ status: 'pending' }), 'items', '???-'],
  'a day with dots, or a time, is over': [
    items({ due: '30.12.2026' }),
    items({ due: '31.12.2026' }, { due: '2026-12-31T08:30:00Z' }),
    'items',
    '???-',
  ],
  'an item has no evidence': [
    { items: [{ citations: ['A-201'] }, { citations: [] }] },
    { items: [{ citations: ['A-201'] }] },
    'items',
    '???-',
  ],
  'an item is worse than medium': [items({ severity: 'high' }), items({ severity: 'medium' }), 'items', '???-'],
};

async function judge(expression: string, outputs: JsonObject): Promise<string> {
  const [result] = (await compileGate(expression, '')).evaluate(outputs);
  expect(result?.notices).toEqual([]);
  return MESSAGES[result!.result];
}

test('finds eighteen recipes in docs/conditions.md, each with outputs to test it', () =>
  expect(TABLE.map(({ want }) => want.replaceAll("'", '’'))).toEqual(Object.keys(PLAYED)));

describe.each(TABLE)('the recipe “red where $want”: $write', ({ want, write }) => {
  const [found, not, key, odd] = PLAYED[want.replaceAll("'", '’')]!;

  test('is true for outputs that have it, and not for others', async () => {
    expect(await judge(write, found)).toBe('H');
    expect(await judge(write, not)).toBe('-');
  });

  test(`has for a missing list, null, a text and an empty list the results ${odd} (H holds, - does not, ? cannot be evaluated)`, async () => {
    const values = [undefined, null, 'No items were found.', []];
    const message = values.map((value) => judge(write, { other: 1, ...(value === undefined ? {} : { [key]: value }) }));
    expect((await Promise.all(message)).join('')).toBe(odd);
  });
});

describe('a recipe', () => {
  const fields = TABLE.filter(({ write }) => /\bi\.\w/.test(write));
  test.each(fields)('is red for an item whose field is missing, null, a text or an empty list: $write', async ({ write }) => {
    for (const [, field = ''] of write.matchAll(/\bi\.(\w+)/g)) {
      for (const value of [undefined, null, 'TBD', []]) {
        const whole = Object.entries<unknown>({ ...compliant, ...rejected, [field]: value });
        const item = Object.fromEntries(whole.filter(([, one]) => one !== undefined)) as JsonObject;
        // Of a status, a section or a citation any other text is one: `== 'rejected'` and `exists` are meant so.
        const isOther = value === 'TBD' && /^(?:status|section|signed_by|citations)$/.test(field);
        const isNull = field === 'signed_by' && value !== undefined;
        if (isOther || isNull) continue;
        const message = await judge(write, { items: [item] });
        expect([field, value, message === '-' ? 'green' : 'red']).toEqual([field, value, 'red']);
      }
    }
  });
});

test('compiles the expressions below the table', async () => {
  const below = RECIPES.slice(RECIPES.lastIndexOf('|\n')).replaceAll(/^```.*?^```$/gms, '');
  const written = [...below.matchAll(/`([^`]*\b(?:outputs|i)[.[][^`]*)`/g)].map(([, expression = '']) =>
    expression.startsWith('i.') ? `outputs.items.filter(i, ${expression})` : expression,
  );
  expect(written.length).toBeGreaterThan(3);
  for (const expression of written) expect((await compileGate(expression, '')).conditions).toHaveLength(1);
});
