import { expect, test } from '@jest/globals';
import { startApi } from '../../simulator/api.ts';
import { mostInFlight, attemptsPerKey, sentBeforeHint } from '../../simulator/journal.ts';
import { launch, poll, until } from './ask.ts';

test('the journal counts requests under way, early ones and attempts', async () => {
  const api = await startApi({
    faults: [
      { when: { call: 'poll', nth: 1 }, wire: ['hang'] },
      {
        when: { call: 'launch', nth: 1 },
        answer: {
          code: 'rate_limited',
          headers: { 'Retry-After': '5' },
          body: () => ({ retry_after_seconds: 7 }),
        },
      },
    ],
  });
  const id = api.addRun({});
  const hanging = poll(api, id, { giveUp: until(() => api.journal[1]?.status === 200) });
  await until(() => api.journal.length === 1);
  await poll(api, id);
  await hanging;
  expect(mostInFlight(api.journal)).toBe(2);
  await launch(api, 'k');
  api.advance(6_000);
  await launch(api, 'k');
  await launch(api, 'k');
  const early = sentBeforeHint(api.journal, 20);
  expect(early.map(({ entry }) => entry.n)).toEqual([4, 5]);
  expect(early[0]!.earlyMs).toBeGreaterThan(900);
  expect(attemptsPerKey(api.journal).get('k')).toMatchObject({ taken: 2 });
  await api.close();
});
