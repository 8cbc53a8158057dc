import { expect, test } from '@jest/globals';
import { startApi } from '../../simulator/api.ts';
import { mostInFlight, attemptsPerKey, sentBeforeHint, type Entry } from '../../simulator/journal.ts';
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
  expect(attemptsPerKey(api.journal).get('k')).toMatchObject({ accepted: 2 });
  await api.close();
});

test('finds a launch that is sent too soon behind one that may have been taken, whatever lies between', () => {
  const sent = (at: number, status: number | null): Entry =>
    ({
      call: 'launch',
      idempotencyKey: 'k',
      at,
      status,
      answerHeaders: {},
      answerBody: Buffer.alloc(0),
    }) as never;
  const hurriedAt = (...entries: Entry[]) => attemptsPerKey(entries).get('k')?.hurriedAt;
  expect(hurriedAt(sent(0, null), sent(1_500, 504), sent(5_250, null), sent(16_500, 201))).toEqual([]);
  expect(hurriedAt(sent(0, null), sent(1_499, 201))).toEqual([1_499]);
  expect(hurriedAt(sent(0, 502), sent(10, null), sent(1_000, 429), sent(1_600, 201))).toEqual([1_000]);
  expect(hurriedAt(sent(0, null), sent(2_000, 429), sent(9_000, null), sent(12_000, 201))).toEqual([12_000]);
});
