/**
 * For `node --import`: resolves the host FAKE_DNS_HOST to 127.0.0.1. FAKE_DNS_FAILURES makes its look-ups fail first: with each code
 * of a list once (`ENOTFOUND,EAI_AGAIN`), or with one code for so many ms from the first look-up on (`ENOTFOUND:25000`). All other
 * hosts but loopback fail always, so that a test reaches no real host.
 */
import dns from 'node:dns';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { syncBuiltinESMExports } from 'node:module';

const { FAKE_DNS_HOST, FAKE_DNS_FAILURES = '' } = process.env;
const failures = FAKE_DNS_FAILURES.split(',').filter((code) => code !== '');
const [lasting, lastingMs] = FAKE_DNS_FAILURES.split(':');
let firstAt;
const lookup = dns.lookup;

/** @returns the code with which this look-up fails */
function next() {
  if (lastingMs === undefined) return failures.shift();
  firstAt ??= performance.now();
  return performance.now() - firstAt < Number(lastingMs) ? lasting : undefined;
}

dns.lookup = (host, ...rest) => {
  const callback = rest.at(-1);
  const isFake = host === FAKE_DNS_HOST;
  const code = isFake ? next() : ['localhost', '127.0.0.1'].includes(host) ? undefined : 'ENOTFOUND';
  if (code !== undefined) {
    const error = Object.assign(new Error(`getaddrinfo ${code} ${host}`), {
      code,
      syscall: 'getaddrinfo',
      hostname: host,
    });
    process.nextTick(callback, error);
    return {};
  }
  return lookup(isFake ? '127.0.0.1' : host, ...rest);
};
syncBuiltinESMExports();
