import { expect, test } from '@jest/globals';
import { maxInFlight, attemptsPerKey, sentBeforeHint, type JournalEntry } from '../../simulator/journal.ts';
import { TEST_KEY, WORKFLOW_ID } from '../../simulator/vendor-example.ts';
import { createApiModel } from '../../simulator/api-model.ts';

test('counts requests under way, early ones and attempts', () => {
  const world = createApiModel({
    faults: [
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
  const { id } = world.addRun({}, 0);
  const request = (method: string, path: string, key?: string) => ({
    method,
    path: `/api/v2/workflows/${path}`,
    headers: {
      authorization: `Bearer ${TEST_KEY}`,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: Buffer.from('{}'),
  });
  const hanging = world.receive(request('GET', `runs/${id}`), 0);
  world.answer(request('GET', `runs/${id}`), 10);
  hanging.entry.endedAt = 20;
  expect(maxInFlight(world.journal)).toBe(2);

  const launchAt = (now: number) => world.answer(request('POST', `${WORKFLOW_ID}/runs`, 'k'), now);
  expect([100, 6_100, 6_200].map((now) => launchAt(now).status)).toEqual([429, 201, 201]);
  const early = sentBeforeHint(world.journal, 20);
  expect(early.map(({ entry, earlyMs }) => [entry.number, earlyMs])).toEqual([
    [4, 1_000],
    [5, 900],
  ]);
  expect(attemptsPerKey(world.journal).get('k')).toMatchObject({ accepted: 2 });
});

test('finds a launch that is sent too soon after one that may have been accepted, whatever is sent between them', () => {
  const sent = (at: number, status: number | null): JournalEntry =>
    ({
      call: 'launch',
      idempotencyKey: 'k',
      at,
      status,
      answerHeaders: {},
      answerBody: Buffer.alloc(0),
    }) as never;
  const hurriedAt = (...entries: JournalEntry[]) => attemptsPerKey(entries).get('k')?.tooEarlyAt;
  expect(hurriedAt(sent(0, null), sent(1_500, 504), sent(5_250, null), sent(16_500, 201))).toEqual([]);
  expect(hurriedAt(sent(0, null), sent(1_499, 201))).toEqual([1_499]);
  expect(hurriedAt(sent(0, 502), sent(10, null), sent(1_000, 429), sent(1_600, 201))).toEqual([1_000]);
  expect(hurriedAt(sent(0, null), sent(2_000, 429), sent(9_000, null), sent(12_000, 201))).toEqual([12_000]);
});
