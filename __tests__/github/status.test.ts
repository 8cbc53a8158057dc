import { describe, expect, test } from '@jest/globals';
import { setStatus, type Status } from '../../src/github/status.ts';
import { startTimeLimit } from '../../src/github/api.ts';
import { fakeGithub, HEAD } from './fake-github.ts';

const STATUS: Status = {
  sha: HEAD,
  context: 'alloovium/doors',
  state: 'failure',
  description: '2 of 5',
  targetUrl: 'https://github.com/o/r',
};

describe('the commit status', () => {
  test('has state, context, description and link', async () => {
    const fake = fakeGithub();
    expect(await fake.run(setStatus(fake.github, STATUS))).toBeNull();
    expect(fake.requests).toEqual([`POST /statuses/${HEAD}`]);
    expect(fake.statuses).toEqual([{ context: 'alloovium/doors', state: 'failure', description: '2 of 5', target_url: STATUS.targetUrl }]);
  });

  test('has a description that GitHub accepts', async () => {
    const fake = fakeGithub();
    await fake.run(setStatus(fake.github, { ...STATUS, description: 'x'.repeat(200) }));
    expect(String(fake.statuses[0]!.description)).toHaveLength(140);
  });

  test('is set again after a lost answer', async () => {
    const fake = fakeGithub();
    fake.faults = { 1: 'lost' };
    expect(await fake.run(setStatus(fake.github, STATUS))).toBeNull();
    expect(fake.statuses).toHaveLength(2);
  });

  test('is not set without the permission', async () => {
    const fake = fakeGithub();
    fake.faults = { '*': { status: 403 } };
    expect(await fake.run(setStatus(fake.github, STATUS))).toMatchObject({ code: 'forbidden', status: 403 });
  });

  test('is given up after 3 s where the caller has no more time', async () => {
    const fake = fakeGithub();
    fake.faults = { '*': 'hang' };
    const github = { ...fake.github, signal: startTimeLimit(fake.clock, 3_000) };
    expect(await fake.run(setStatus(github, STATUS))).toMatchObject({ code: 'stopped' });
    expect(fake.clock.now()).toBe(3_000);
  });
});
