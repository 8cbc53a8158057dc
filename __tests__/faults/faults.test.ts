/** Launch and wait against an API and a network that fail, in virtual time. A row: its title, what the API does, with what, and how it ends. */
import { describe, expect, test } from '@jest/globals';
import { REASONS } from '../../src/run/retry-policy.ts';
import {
  before,
  busy,
  CERTIFICATE,
  code,
  CONNECT_HANGS,
  CUT,
  done,
  ENDLESS,
  ends,
  fails,
  html,
  launch,
  LOST,
  NO_SUCH_NAME,
  playRow,
  poll,
  prepareFolder,
  problem,
  PROXY_REFUSES,
  redirect,
  REFUSED,
  RESET,
  says,
  shows,
  SILENT,
  STALLED,
  takes,
  tier,
  TRICKLE,
  unkept,
  type With,
  type World,
} from './world.ts';

prepareFolder();

type Row = readonly [
  title: string,
  api: readonly World[],
  given: With,
  conclusion: string,
  /** Sent, those that reached nobody included. */
  launches: number,
  /** Started. */
  runs: number,
  exit: number,
  /** From the start to the end of the step. */
  seconds?: readonly [least: number, most: number],
];

function check(name: string, rows: readonly Row[]): void {
  describe(name, () => {
    test.each(rows)('%s', async (_title, api, given, conclusion, launches, runs, exit, seconds = [0, Infinity]) => {
      const ended = await playRow(api, given);
      expect(ended).toMatchObject({ conclusion, runs, exit });
      // A number that depends on the jitter is given as the least.
      if (launches < 0) expect(ended.launches).toBeGreaterThanOrEqual(-launches);
      else expect(ended.launches).toBe(launches);
      expect(ended.seconds).toBeGreaterThanOrEqual(seconds[0]);
      expect(ended.seconds).toBeLessThanOrEqual(seconds[1]);
    });
  });
}

const MINUTES = (minutes: number): With => ({ inputs: { timeout_minutes: String(minutes) } });
const TWO: With = { inputs: { runs: 'A: { project_id: p1 }\nB: { project_id: p2 }' } };
const THREE: With = { inputs: { runs: 'A: { project_id: p1 }\nB: { project_id: p2 }\nC: { project_id: p3 }' } };
const GATE = { fail_if: 'open items: outputs.items' };
const SIX: With = { inputs: { runs: ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => `${name}: { project_id: ${name} }`).join('\n') } };
const TWO_IN_TWO_MINUTES: With = { inputs: { ...TWO.inputs, timeout_minutes: '2' } };
const NO_WAIT = { inputs: { wait: 'false' } };
const NO_WAIT_AND_A_GATE = { inputs: { ...NO_WAIT.inputs, runs: 'A: { fail_if: outputs.items }' } };
const RUNNING = { status: 'running', progress: 10, stage: 'Reading' };
const COMPLETED = { status: 'completed', outputs: {} };
const NO_OUTPUTS = { status: 'completed', outputs: null };
const LOCKED = code('idempotency_in_progress', 10);
const OTHER_WORKFLOW = says({ workflow_id: 'wf_other' });
const IN_A_MINUTE = 'Wed, 08 Apr 2026 10:01:00 GMT';
const FIRST = { attempt: 1 };

check('A launch that reached nobody is sent again until the deadline (rule 2)', [
  ['sends again what was refused twice', [launch([1, 2], REFUSED)], {}, 'success', 3, 1, 0, [20, 40]],
  ['outlasts ten minutes of refused connections', [launch(before(600), REFUSED)], {}, 'success', -20, 1, 0, [600, 670]],
  ['ends as timed_out if connections are always refused', [launch('all', REFUSED)], {}, 'timed_out', -20, 0, 1, [895, 905]],
  ['outlasts 40 s in which DNS does not know the name', [launch(before(40), NO_SUCH_NAME)], {}, 'success', -4, 1, 0, [40, 90]],
  ['ends after a minute if DNS never knows the name', [launch('all', NO_SUCH_NAME)], {}, 'error', -4, 0, 1, [45, 80]],
  ['sends again after a connect that hangs', [launch(1, CONNECT_HANGS)], {}, 'success', 2, 1, 0, [40, 60]],
  ['ends at once if a proxy wants credentials', [launch('all', PROXY_REFUSES)], {}, 'error', 1, 0, 1, [0, 5]],
  ['waits as long as a 429 asks', [launch(1, busy(30))], {}, 'success', 2, 1, 0, [50, 75]],
  ['waits until the date of a 429', [launch(1, busy(IN_A_MINUTE))], {}, 'success', 2, 1, 0, [80, 110]],
  ['sends again after a 429 without a hint', [launch([1, 2], busy())], {}, 'success', 3, 1, 0],
  ['ends as timed_out if a 429 asks for more than is left', [launch('all', busy(3600))], {}, 'timed_out', 1, 0, 1],
  ['ends as timed_out if every answer is a 429', [launch('all', busy(20))], {}, 'timed_out', -20, 0, 1, [870, 905]],
  ['ends at once if the bucket is smaller than a launch', [tier('free')], {}, 'error', 1, 0, 1, [0, 5]],
  ['picks up the run of a start that is still being handled', [launch(1, { workMs: 20_000, ...RESET })], {}, 'success', -3, 1, 0],
  ['waits while an earlier launch holds the key', [launch([1, 3], { lockMs: 50_000 })], {}, 'success', -2, 1, 0],
  ['ends as timed_out if the key stays locked', [launch('all', LOCKED)], {}, 'timed_out', -10, 0, 1, [860, 905]],
  ['sends again after three 502 of a gateway', [launch([1, 3], html(502))], {}, 'success', 4, 1, 0],
  ['outlasts five minutes of 503 of a gateway', [launch(before(300), html(503))], {}, 'success', -10, 1, 0, [300, 370]],
  ['ends as timed_out if a gateway always answers 503', [launch('all', html(503))], {}, 'timed_out', -20, 0, 1, [895, 905]],
  ['waits as long as a 503 of a gateway asks', [launch(1, html(503, 90))], {}, 'success', 2, 1, 0, [110, 150]],
  ['sends again after a 503 without a body', [launch(1, { answer: { status: 503, body: '' } })], {}, 'success', 2, 1, 0],
  ['picks up the run that the API started behind a 502', [launch(1, done(html(502)))], {}, 'success', 2, 1, 0],
]);

check('A launch that the API may have accepted is sent five times at most (rule 3)', [
  ['picks up the run whose answer was lost', [launch(1, RESET)], {}, 'success', 2, 1, 0, [20, 40]],
  ['sends again what was lost before it arrived', [launch(1, LOST)], {}, 'success', 2, 1, 0],
  ['pauses 2, 6, 18 and 30 s', [launch([1, 4], LOST)], {}, 'success', 5, 1, 0, [62, 100]],
  ['ends after five lost answers', [launch('all', RESET)], {}, 'error', 5, 1, 1, [42, 75]],
  ['picks up the run after an attempt of 30 s without an answer', [launch(1, SILENT)], {}, 'success', 2, 1, 0, [30, 45]],
  ['ends after five attempts without an answer', [launch('all', SILENT)], {}, 'error', 5, 1, 1, [190, 225]],
  ['picks up the run after a body that stalls', [launch(1, STALLED)], {}, 'success', 2, 1, 0],
  ['picks up the run after a body that breaks off', [launch(1, CUT)], {}, 'success', 2, 1, 0],
  ['ends after five bodies that break off', [launch('all', CUT)], {}, 'error', 5, 1, 1],
  ['ends after five bodies that trickle', [launch('all', TRICKLE)], {}, 'error', 5, 1, 1, [190, 225]],
  ['waits for an answer that takes 20 s', [launch(1, { workMs: 20_000 })], {}, 'success', 1, 1, 0],
  ['picks up the run of an answer that takes 45 s', [launch(1, { workMs: 45_000 })], {}, 'success', -2, 1, 0],
  ['sends again after a 408', [launch(1, html(408))], {}, 'success', 2, 1, 0],
  ['sends again after a 425', [launch(1, html(425))], {}, 'success', 2, 1, 0],
  ['picks up the run that a gateway answered with 504', [launch(1, done(html(504)))], {}, 'success', 2, 1, 0],
  ['ends after five 504', [launch('all', html(504))], {}, 'error', 5, 0, 1, [42, 75]],
  ['waits as long as a 504 asks', [launch(1, html(504, 60))], {}, 'success', 2, 1, 0, [80, 100]],
  ['ends after five 503 of the API itself', [launch('all', problem(503))], {}, 'error', 5, 0, 1, [42, 75]],
  ['ends after five 503 of the API itself, each with a run', [launch('all', unkept(problem(503)))], {}, 'error', 5, 5, 1],
  ['goes on with the second run after a 503 of the API itself', [launch(1, unkept(problem(503)))], {}, 'success', 2, 2, 0],
  ['ends after five 502 of the API itself', [launch('all', problem(502))], {}, 'error', 5, 0, 1],
  ['ends after five 520 of a gateway', [launch('all', html(520))], {}, 'error', 5, 0, 1],
  ['ends after five 507 of the API itself', [launch('all', problem(507))], {}, 'error', 5, 0, 1],
  ['picks up the run after a 2xx that is no JSON', [launch(1, says('oops'))], {}, 'success', 2, 1, 0],
  ['ends after five 2xx that are no JSON', [launch('all', says('oops'))], {}, 'error', 5, 1, 1, [42, 75]],
  ['ends after five sign-in pages', [launch('all', says('<html>Sign in</html>'))], {}, 'error', 5, 1, 1],
  ['ends after five 2xx without a run', [launch('all', says({ run_id: undefined }))], {}, 'error', 5, 1, 1],
  ['ends after five runs whose ID is a path', [launch('all', says({ run_id: '../../me' }))], {}, 'error', 5, 1, 1],
  ['ends after five empty answers', [launch('all', { answer: { status: 204, body: '' } })], {}, 'error', 5, 1, 1],
  ['ends after five answers nested 100,000 deep', [launch('all', says('['.repeat(100_000)))], {}, 'error', 5, 1, 1],
  ['ends after five answers above 8 MiB', [launch('all', ENDLESS)], {}, 'error', 5, 1, 1],
  ['counts no refusals', [launch([1, 4], LOST), launch([5, 7], html(503)), launch([8, 9], REFUSED)], {}, 'success', 10, 1, 0],
  ['ends at the fifth lost answer among refusals', [launch('odd', LOST), launch('all', html(502))], {}, 'error', 9, 0, 1],
  ['ends as timed_out if a launch hangs at the deadline', [launch('all', SILENT)], MINUTES(1), 'timed_out', 2, 1, 1, [60, 65]],
]);

check('A launch that cannot succeed is sent once (rule 3)', [
  ['ends at a 500', [launch('all', code('internal_error'))], {}, 'error', 1, 0, 1, [0, 5]],
  ['ends at a 500 behind which a run was started', [launch('all', unkept(code('internal_error')))], {}, 'error', 1, 1, 1, [0, 5]],
  ['ends at a 500 of a gateway', [launch('all', html(500))], {}, 'error', 1, 0, 1, [0, 5]],
  ['ends at a 501', [launch('all', code('not_implemented'))], {}, 'error', 1, 0, 1],
  ['ends at a 505', [launch('all', html(505))], {}, 'error', 1, 0, 1],
  ['ends at a 400', [launch('all', code('invalid_document_id'))], {}, 'error', 1, 0, 1],
  ['ends at a 401', [launch('all', code('api_key_revoked'))], {}, 'error', 1, 0, 1],
  ['ends at a 402', [launch('all', code('payment_required'))], {}, 'error', 1, 0, 1],
  ['ends at a 403', [launch('all', code('insufficient_scope'))], {}, 'error', 1, 0, 1],
  ['ends at a 404', [launch('all', code('not_found'))], {}, 'error', 1, 0, 1],
  ['ends at a key that was used for something else', [launch('all', code('idempotency_key_reused'))], {}, 'error', 1, 0, 1],
  ['ends at a 409 without a code', [launch('all', html(409))], {}, 'error', 1, 0, 1],
  ['ends at a 413', [launch('all', html(413))], {}, 'error', 1, 0, 1],
  ['ends at a 422', [launch('all', code('validation_error'))], {}, 'error', 1, 0, 1],
  ['ends at a 422 after a lost answer', [launch(1, LOST), launch(2, code('validation_error'))], {}, 'error', 2, 0, 1],
  ['follows no redirect', [launch('all', redirect(307))], {}, 'error', 1, 0, 1],
  ['ends at a certificate that is not accepted', [launch('all', CERTIFICATE)], {}, 'error', 1, 0, 1, [0, 5]],
]);

const REPEAT: With = { starts: [{}, {}] };
const GATED_REPEAT: With = { inputs: GATE, starts: [{}, {}] };
const TWO_REPEATS: With = { starts: [{}, {}, { attempt: 2 }] };
const STOPPED_AGAIN: With = { starts: [{}, { stop: 20 }] };
const AFTER_A_STOP: With = { starts: [{ stop: 10 }, {}] };
const THIRD: With = { inputs: GATE, starts: [{}, {}, {}] };

check('A re-run tries the keys of the attempts before it, then its own (rule 4)', [
  ['picks up a green run', [ends('green')], REPEAT, 'success', 2, 1, 0],
  ['skips a run that failed', [ends('failed', 'green')], REPEAT, 'success', 3, 2, 0],
  ['skips a run that was cancelled', [ends('cancelled', 'green')], REPEAT, 'success', 3, 2, 0],
  ['skips a run whose gate is red', [ends('red gate', 'green')], GATED_REPEAT, 'success', 3, 2, 0],
  ['skips a run whose gate cannot be evaluated', [ends('no field', 'green')], GATED_REPEAT, 'success', 3, 2, 0],
  ['goes on to a third key at the third attempt', [ends('red gate', 'failed', 'green')], THIRD, 'success', 6, 3, 0],
  ['picks up a run that still runs', [takes(4_500)], AFTER_A_STOP, 'success', 2, 1, 0],
  ['skips a run that ended red after the first attempt', [ends('failed', 'green')], AFTER_A_STOP, 'success', 3, 2, 0],
  ['keeps the run that it started, if that fails', [ends('failed', 'failed', 'green')], REPEAT, 'failure', 3, 2, 1],
  ['keeps a run that fails only after its first check', [fails(3_620)], AFTER_A_STOP, 'failure', 2, 1, 1],
  ['never goes past the second key at the second attempt', [ends('failed', 'failed', 'green')], TWO_REPEATS, 'failure', 5, 2, 1],
  ['starts its second run late', [ends('failed', 'green'), launch(3, code('validation_error'))], THIRD, 'success', 5, 2, 0],
  ['skips no failed run at a first attempt', [ends('failed', 'green')], { starts: [FIRST, FIRST] }, 'failure', 2, 1, 1],
  [
    'skips a run that is not found for 30 s',
    [ends('failed', 'green'), poll([10, 15], code('not_found'))],
    REPEAT,
    'success',
    3,
    2,
    0,
    [50, 75],
  ],
  ['skips a run whose outputs are over 8 MiB', [poll([1, 2], ENDLESS)], REPEAT, 'success', 3, 2, 0],
  ['skips a run with more than 300,000 values', [ends('large', 'green')], REPEAT, 'success', 3, 2, 0],
  ['skips no run with large outputs under its last key', [ends('large')], REPEAT, 'error', 3, 2, 1],
  ['skips a failed run whose answer was lost', [ends('failed', 'green'), launch(2, RESET)], REPEAT, 'success', 4, 2, 0],
  ['skips a failed run whose key was locked', [ends('failed', 'green'), launch(2, LOCKED)], REPEAT, 'success', 4, 2, 0],
  ['sends its own key again after a lost answer', [ends('failed', 'green'), launch(3, RESET)], REPEAT, 'success', 4, 2, 0],
  ['starts a run of its own with on_rerun: fresh', [ends('green')], { ...REPEAT, inputs: { on_rerun: 'fresh' } }, 'success', 2, 2, 0],
  ['skips a red run with wait: false too', [ends('failed', 'long')], { starts: [{}, NO_WAIT] }, 'pending', 3, 2, 0],
  ['picks up a run that still runs with wait: false', [takes(9_000)], { ...REPEAT, ...NO_WAIT }, 'pending', 2, 1, 0, [0, 5]],
  ['skips each red run of several', [ends('failed', 'green', 'green')], { ...TWO, starts: [{}, {}] }, 'success', 5, 3, 0],
]);

check('An answer about another run is red (rule 5)', [
  ['refuses an answer to the launch that names another workflow', [launch('all', OTHER_WORKFLOW)], {}, 'error', 1, 1, 1, [0, 5]],
  ['refuses a status that names another workflow', [poll('all', OTHER_WORKFLOW)], {}, 'error', 1, 1, 1],
  ['refuses a status that always names another run', [poll('all', says({ run_id: 'run_other' }))], {}, 'error', 1, 1, 1],
  ['refuses one run for two launches', [launch(2, says({ run_id: 'run_1' }))], TWO, 'error', 2, 2, 1],
]);

check('A status check that fails is repeated (rules 6 and 7)', [
  ['sees the end of a run of ten minutes within 15 s', [takes(600)], {}, 'success', 1, 1, 0, [600, 615]],
  ['sees the end of a run that completes at once', [takes(0)], {}, 'success', 1, 1, 0, [0, 5]],
  ['goes on after one 500', [poll(1, code('internal_error'))], {}, 'success', 1, 1, 0],
  ['goes on after 503 for four minutes', [takes(20), poll(before(240), html(503))], {}, 'success', 1, 1, 0, [240, 275]],
  ['ends after five minutes of 503', [takes(1_800), poll('all', html(503))], {}, 'error', 1, 1, 1, [295, 340]],
  ['starts counting again after a good check', [takes(700), poll(before(240), html(502)), poll('odd', html(502))], {}, 'success', 1, 1, 0],
  ['goes on after a check that hangs', [poll(1, SILENT)], {}, 'success', 1, 1, 0],
  ['goes on if every second body breaks off', [poll('odd', CUT)], {}, 'success', 1, 1, 0],
  ['goes on after a check that is refused', [poll([1, 3], REFUSED)], {}, 'success', 1, 1, 0],
  ['goes on after a body that is no JSON', [poll(1, says('oops'))], {}, 'success', 1, 1, 0],
  ['ends after five minutes without JSON', [takes(1_800), poll('all', says('oops'))], {}, 'error', 1, 1, 1, [295, 340]],
  ['ends if the answer is always nested 100,000 deep', [takes(600), poll('all', says('['.repeat(100_000)))], {}, 'error', 1, 1, 1],
  ['ends after five minutes without a status', [takes(1_800), poll('all', says({ status: undefined }))], {}, 'error', 1, 1, 1, [295, 340]],
  ['waits as long as a check asks', [poll(1, html(503, 60))], {}, 'success', 1, 1, 0, [62, 90]],
  ['waits five minutes at most, however long a check asks', [poll(1, html(503, 1_800))], {}, 'success', 1, 1, 0, [300, 320]],
  ['checks at the deadline, however long a check asks', [poll(1, html(503, 1_800))], MINUTES(1), 'success', 1, 1, 0, [60, 64]],
  ['waits as long as a 429 to a check asks', [poll([1, 2], busy(40))], {}, 'success', 1, 1, 0, [82, 120]],
  ['goes on after a run that is not found for 20 s', [takes(60), poll(before(20), code('not_found'))], {}, 'success', 1, 1, 0, [60, 80]],
  ['ends after 30 s in which the run is not found', [takes(600), poll('all', code('not_found'))], {}, 'error', 1, 1, 1, [28, 50]],
  ['ends after 30 s of 403', [takes(600), poll('all', code('permission_denied'))], {}, 'error', 1, 1, 1, [28, 50]],
  ['ends after 30 s of 422', [takes(600), poll('all', code('validation_error'))], {}, 'error', 1, 1, 1, [28, 50]],
  ['goes on after two 403 with a good check between', [takes(60), poll('odd', code('permission_denied'))], {}, 'success', 1, 1, 0],
  ['ends at the first 401', [takes(600), poll('all', code('api_key_revoked'))], {}, 'error', 1, 1, 1, [0, 10]],
  ['follows no redirect of a check', [takes(600), poll('all', redirect(302))], {}, 'error', 1, 1, 1],
  ['ends if the certificate is never accepted', [takes(600), poll('all', CERTIFICATE)], {}, 'error', 1, 1, 1],
  ['ends at once if the answer is above 8 MiB', [takes(600), poll('all', ENDLESS)], {}, 'error', 1, 1, 1, [0, 5]],
  ['ends at once if the outputs have more than 300,000 values', [ends('large')], {}, 'error', 1, 1, 1, [20, 30]],
  ['waits through a status that nobody knows', [shows([0, { status: 'archived' }], [60, COMPLETED])], {}, 'success', 1, 1, 0],
  ['does not take Completed for completed', [shows([0, { status: 'Completed', outputs: {} }])], MINUTES(1), 'timed_out', 1, 1, 1],
  ['waits through a step back', [shows([0, RUNNING], [9, { status: 'pending', progress: 0 }], [40, COMPLETED])], {}, 'success', 1, 1, 0],
  ['waits through progress that is a text', [shows([0, { ...RUNNING, progress: 'half' }], [40, COMPLETED])], {}, 'success', 1, 1, 0],
  ['is green without outputs and without a gate', [shows([0, NO_OUTPUTS])], {}, 'success', 1, 1, 0],
  ['is red without outputs and with a gate', [shows([0, NO_OUTPUTS])], { inputs: GATE }, 'gate_failed', 1, 1, 1],
  ['is red if the run failed', [ends('failed')], {}, 'failure', 1, 1, 1],
  ['is red if the run was cancelled', [ends('cancelled')], {}, 'cancelled', 1, 1, 1],
  ['does not launch in place of a run_id that is not found', [], { inputs: { run_id: 'run_none' } }, 'error', 0, 0, 1],
]);

check('Several runs are launched in order, and only a 401 ends them all (rule 8)', [
  ['is green if all runs are', [], TWO, 'success', 2, 2, 0],
  ['is red if one run failed', [ends('green', 'failed', 'green')], THREE, 'failure', 3, 3, 1],
  ['is red if the gate of one run is', [ends('green', 'red gate')], { inputs: { ...TWO.inputs, ...GATE } }, 'gate_failed', 2, 2, 1],
  ['shares one launch among entries of one intent', [], { inputs: { runs: 'A: {}\nB: { warn_if: outputs.items }' } }, 'success', 1, 1, 0],
  ['launches the second after the first got through', [launch([1, 4], html(503))], TWO, 'success', 6, 2, 0],
  ['launches the second if the first is rejected', [launch(1, code('validation_error'))], TWO, 'error', 2, 1, 1],
  ['launches no more after a 401', [launch(1, code('invalid_api_key'))], THREE, 'error', 1, 0, 1, [0, 5]],
  ['ends the first run as well at a 401 of the second', [takes(600), launch(2, code('api_key_revoked'))], THREE, 'error', 2, 1, 1, [0, 10]],
  ['ends the others as well at a 401 of a check', [takes(600), poll(3, code('api_key_revoked'))], TWO, 'error', 2, 2, 1, [0, 30]],
  ['waits for tokens before the fifth launch', [tier('standard')], SIX, 'success', -6, 6, 0, [30, 120]],
  ['evaluates one run while checks of another fail', [takes(20), poll('odd', html(500))], TWO, 'success', 2, 2, 0],
  ['ends as timed_out if one run does not end', [ends('green', 'long')], TWO_IN_TWO_MINUTES, 'timed_out', 2, 2, 1, [120, 130]],
]);

const BRANCHES: Readonly<Record<keyof typeof REASONS, readonly World[]>> = {
  unauthorised: [launch('all', code('invalid_api_key'))],
  other_run: [launch('all', OTHER_WORKFLOW)],
  rejected: [launch('all', code('validation_error'))],
  second_run: [launch('all', code('internal_error'))],
  sent_five_times: [launch('all', RESET)],
  unknown_host: [launch('all', NO_SUCH_NAME)],
  deadline: [launch('all', busy(3_600))],
  no_tokens: [launch(1, busy(30))],
  in_progress: [launch(1, LOCKED)],
  not_reached: [launch(1, REFUSED)],
  same_run: [launch(1, RESET)],
  too_large: [poll('all', ENDLESS)],
  rejected_30_s: [poll('all', code('not_found'))],
  failed_5_min: [poll('all', html(503))],
  rejected_check: [poll(1, code('not_found'))],
  check: [poll(1, html(503))],
};

describe('The debug log says why a request is sent again, or is not (rule 38)', () => {
  test.each(Object.entries(BRANCHES))('%s', async (reason, api) => {
    const { log } = await playRow(api, {});
    expect(log).toContain(`(${REASONS[reason as keyof typeof REASONS]})`);
  });
});

check('Each wait ends at the deadline or at the signal (rules 9 and 11)', [
  ['ends as timed_out at the deadline', [ends('long')], MINUTES(2), 'timed_out', 1, 1, 1, [120, 125]],
  ['ends as timed_out if every check hangs', [takes(20), poll('all', SILENT)], MINUTES(2), 'timed_out', 1, 1, 1, [120, 125]],
  ['ends as timed_out if every check trickles', [takes(20), poll('all', TRICKLE)], MINUTES(2), 'timed_out', 1, 1, 1, [120, 125]],
  ['sees a run that completes just before the deadline', [takes(59)], MINUTES(1), 'success', 1, 1, 0, [59, 64]],
  ['ends as interrupted at a signal during a pause', [ends('long')], { stop: 60 }, 'interrupted', 1, 1, 1, [60, 65]],
  ['ends as interrupted at a signal during a launch', [launch('all', SILENT)], { stop: 3 }, 'interrupted', 1, 1, 1, [3, 8]],
  ['ends as interrupted at a signal during a check', [poll('all', SILENT)], { stop: 6 }, 'interrupted', 1, 1, 1, [6, 11]],
  ['launches nothing more if it is stopped', [launch('all', busy(60))], { stop: 10 }, 'interrupted', 1, 0, 1, [10, 15]],
  ['ends as interrupted between two keys', [ends('failed'), launch([3, 99], html(503))], STOPPED_AGAIN, 'interrupted', -4, 1, 1, [20, 25]],
  ['launches no second run after the signal', [launch(1, { workMs: 4_000 })], { ...TWO, stop: 2 }, 'interrupted', 1, 1, 1, [2, 7]],
  ['ends green once the run is launched with wait: false', [ends('long')], NO_WAIT, 'pending', 1, 1, 0, [0, 5]],
  ['refuses wait: false beside fail_if', [], { inputs: { ...GATE, ...NO_WAIT.inputs } }, 'error', 0, 0, 1],
  ['refuses wait: false beside a fail_if of runs', [], NO_WAIT_AND_A_GATE, 'error', 0, 0, 1],
]);
