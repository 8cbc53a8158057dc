/**
 * For `node --import`. Resolves the host FAKE_DNS_HOST to 127.0.0.1. The look-up of any other host but loopback fails, so that a test
 * reaches no real host.
 */
import dns from 'node:dns';
import process from 'node:process';
import { syncBuiltinESMExports } from 'node:module';

const { lookup } = dns;
dns.lookup = (host, ...rest) => {
  if (['localhost', '127.0.0.1', process.env.FAKE_DNS_HOST].includes(host)) return lookup('127.0.0.1', ...rest);
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: host });
  process.nextTick(rest.at(-1), error);
  return {};
};
syncBuiltinESMExports();
