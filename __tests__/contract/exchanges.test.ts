/** Every story checks its exchanges with the descriptions of both APIs: that check can fail. */
import { expect, test } from '@jest/globals';
import { createApiModel } from '../../simulator/api-model.ts';
import { contractViolations, validateExchange } from '../../simulator/contract.ts';
import { createGithub } from '../../simulator/github.ts';
import { TEST_KEY, WORKFLOW_ID } from '../../simulator/vendor-example.ts';

const COMMENTS = '/repos/octo-org/tower/issues/7/comments';
const comment = { method: 'POST', path: COMMENTS, body: '{"body":"x"}' };

test.each<[what: string, change: object, breach: string]>([
  ['nothing in a good call', {}, ''],
  ['a call that is not described', { path: '/repos/octo-org/tower/issues/7' }, 'POST /repos/octo-org/tower/issues/7 is not described'],
  ['a query that is not described', { path: `${COMMENTS}?direction=desc` }, "the query's direction is not described"],
  ['a body under another name', { body: '{"text":"x"}' }, "request must have required property 'body'"],
  [
    'an answer of another form',
    { answer: { status: 201, headers: { 'content-type': 'application/json' }, body: '[]' } },
    'answer 201 must be object',
  ],
])('of GitHub finds %s', (_, change, breach) => {
  const headers = { authorization: 'token ghs_simulated' };
  const exchange = createGithub().receive({ ...comment, headers, body: Buffer.from(comment.body), sent: null });
  expect(contractViolations({ ...exchange, ...change }).join('\n')).toBe(breach);
});

const ANSWER = '{"run_id":"run_1","workflow_id":"wf_1","status":"done","started_at":null}';

test.each<[what: string, change: { key?: string; body?: string }, answer: object, breach: string]>([
  ['nothing in a good call', {}, {}, ''],
  ['a key of another form', { key: 'ak_test_1' }, {}, 'no API key of 60 characters'],
  ['a field that is not described', { body: '{"input":{}}' }, {}, 'request must NOT have additional properties'],
  ['an answer of another form', {}, { answerBody: Buffer.from(ANSWER) }, 'answer 201/status must be equal to constant'],
])('of the vendor finds %s', (_, { key = TEST_KEY, body = '{"inputs":{}}' }, answer, breach) => {
  const path = `/api/v2/workflows/${WORKFLOW_ID}/runs`;
  const headers = { authorization: `Bearer ${key}`, 'idempotency-key': 'gha_1' };
  const exchange = createApiModel().receive({ method: 'POST', path, headers, body: Buffer.from(body), sent: null }, 0);
  exchange.begin(0);
  exchange.finish(0);
  exchange.answer(0);
  expect(validateExchange({ ...exchange.entry, ...answer }).join('\n')).toBe(breach);
});
