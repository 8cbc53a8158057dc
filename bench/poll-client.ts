/**
 * Looks at a run again and again, in a process of its own, so that the server's work is not in the time and Node's start takes
 * the simulator's authority in: `node bench/poll-client.ts URL RUN_ID HOW LOOKS` prints the ms of each look as JSON. Called by look.ts.
 */
import { once } from 'node:events';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { createClient } from '../src/alloovium/client.ts';
import { createTransport, type Transport } from '../src/alloovium/transport.ts';
import { realClock } from '../src/clock.ts';
import { TEST_KEY } from '../simulator/seed.ts';

/** `action`: as shipped. The others are plain Node: one connection kept, or a new one for each look. */
export type How = 'action' | 'kept' | 'new';

const [url, runId, how, polls] = process.argv.slice(2) as [string, string, How, string];

function plain(keepAlive: boolean): Transport {
  const isTls = url.startsWith('https:');
  const agent = isTls ? new HttpsAgent({ keepAlive }) : new HttpAgent({ keepAlive });
  return async ({ method, url, headers, signal }) => {
    const request = (isTls ? httpsRequest : httpRequest)(url, { method, headers, agent, signal }).end();
    const [message] = (await once(request, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
    const lines = Object.entries(message.headers).map(([name, value]) => [name, String(value)] as const);
    return { status: message.statusCode ?? 0, headers: new Map(lines), body: Buffer.concat(chunks) };
  };
}

const client = createClient({
  transport: how === 'action' ? createTransport('bench') : plain(how === 'kept'),
  apiUrl: url,
  apiKey: TEST_KEY,
  clock: realClock,
  random: Math.random,
  redact: (text) => text,
});
const never = new AbortController().signal;
const took: number[] = [];
for (let n = 0; n < Number(polls); n++) {
  const startedAt = performance.now();
  const poll = await client.getRun(runId, 15_000, never);
  took.push(performance.now() - startedAt);
  if ('failure' in poll) throw poll.failure.error;
}
console.log(JSON.stringify(took));
