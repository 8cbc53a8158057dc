/**
 * `node scripts/patch-bundle.ts FOLDER`, after ncc: the package `tunnel` calls `new Buffer` where a proxy has a password, and from a
 * bundle Node prints DEP0005 for it into the job's log. It fails where the call is not found, and can go then.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const path = join(process.argv[2] ?? 'dist', 'index.js');
const parts = readFileSync(path, 'utf8').split('new Buffer(connectOptions.proxyAuth)');
if (parts.length !== 2) throw new Error('tunnel does not call `new Buffer` once any more: this step can go');
writeFileSync(path, parts.join('Buffer.from(connectOptions.proxyAuth)'));
