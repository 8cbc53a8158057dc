/** M4: the links of runs and items, with the bundle. */
import { describe, expect, jest, test } from '@jest/globals';
import type { JsonValue } from '../../src/json.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { PROJECT_ID, TEST_KEY } from '../../simulator/vendor-example.ts';
import { runRow } from './run-row.ts';

jest.setTimeout(60_000);

const PAGE = 'https://app.example.com/runs/{run_id}';

describe('M4. Links', () => {
  test.concurrent.each([
    ['a placeholder in the host', 'https://{run_id}.example.com/'],
    ['a placeholder before the first `/`', 'https://app.example.com{run_id}/'],
    ['a placeholder in the port', 'https://app.example.com:{run_id}/'],
    ['a script', 'javascript:alert({run_id})//'],
    ['plain http', 'http://app.example.com/{run_id}'],
    ['no host', 'https:///{run_id}'],
    ['a user', 'https://me:zqzq@app.example.com/{run_id}'],
    ['the end of a link', 'https://app.example.com/{run_id})[x](https://evil.example'],
    ['the end of a cell', 'https://app.example.com/{run_id}|x'],
    ['markup', 'https://app.example.com/<b>{run_id}'],
    ['a blank', 'https://app.example.com/a b/{run_id}'],
    ['a brace too many', 'https://app.example.com/{{run_id}}'],
    ['a placeholder without a name', 'https://app.example.com/{}'],
    ['over 500 characters', `https://app.example.com/${'a'.repeat(500)}`],
    ['an escape that a value ends', 'https://app.example.com/p/%2{run_id}/x'],
    ['an escape that is all of a value', 'https://app.example.com/p/%{run_id}/x'],
    ['a secret', `https://app.example.com/${TEST_KEY}/{run_id}`],
  ])('%s: refused, and not shown', async (_name, url) => {
    for (const name of ['run_url', 'item_url']) {
      const { outputs, api, error, result } = await runRow({ inputs: { [name]: url } });
      expect(outputs).toMatchObject({ conclusion: 'error', run_id: '' });
      expect(api.journal).toEqual([]);
      expect(error).toMatch(
        new RegExp(
          `^\`${name}\` (?:must be an \`https:\` address|has a \`%\` just before|contains a secret)`,
        ),
      );
      expect(result.shownLog + result.summary).not.toContain(url);
    }
  });

  test.concurrent('a field of an item in `run_url`: refused', async () => {
    const { error } = await runRow({ inputs: { run_url: 'https://app.example.com/{document_id}' } });
    expect(error).toMatch(
      /^`run_url` may have only the placeholders `\{run_id\}`, `\{workflow_id\}`, `\{project_id\}`/,
    );
  });

  const linked = async (
    value: JsonValue,
    item_url = 'https://app.example.com/p/{project_id}/d/{id}?x={run_id}',
  ) => {
    const outputs = { bad: [{ title: 'Doors', id: value }] };
    const { result, outputs: reported } = await runRow({
      api: { lifecycle: steadyLifecycle({ queuedMs: 500, runningMs: 2_000, outputs }) },
      inputs: { project_id: PROJECT_ID, fail_if: 'bad: outputs.bad', run_url: PAGE, item_url },
    });
    const pages = [...result.summary.matchAll(/\]\((https:\/\/app[^)]*)\)/g)].map(([, url]) => url);
    expect(pages[0]).toBe(`https://app.example.com/runs/${reported.run_id ?? ''}`);
    return { pages: pages.slice(1), runId: reported.run_id ?? '', summary: result.summary };
  };

  test.concurrent.each<[string, JsonValue, string]>([
    ['an ID', '4a1c-2b.3_d~', '4a1c-2b.3_d~'],
    ['a command to a bot', 'deploy', '%64eploy'],
    ['a whole number', 12, '12'],
    ['a way out of the path', '/../', '%2F..%2F'],
    ['a query and a fragment', 'a?b#c', '%61%3Fb%23c'],
    ['the end of a link', 'a)[x](y', '%61%29%5Bx%5D%28y'],
    ['quotes and signs', `'"!*~`, '%27%22%21%2A~'],
    ['another scheme', 'javascript:alert(1)', '%6Aavascript%3Aalert%281%29'],
  ])('a field that is %s: a link below the author’s path', async (_name, value, encoded) => {
    const { pages, runId } = await linked(value);
    expect(new Set(pages)).toEqual(
      new Set([`https://app.example.com/p/${PROJECT_ID}/d/${encoded}?x=${runId}`]),
    );
  });

  test.concurrent.each<[string, JsonValue]>([
    ['`.`', '.'],
    ['`..`', '..'],
    ['empty', ''],
    ['a fraction', 1.5],
    ['an object', { a: 1 }],
    ['null', null],
    ['over 200 characters', 'a'.repeat(201)],
    ['a lone surrogate', '\ud800'],
    ['a secret', `x${TEST_KEY}`],
  ])('a field that is %s: no link, only the text', async (_name, value) => {
    const { pages, summary } = await linked(value);
    expect(pages).toEqual([]);
    expect(summary).toContain('| Doors |');
  });
});
