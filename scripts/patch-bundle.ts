/**
 * `node scripts/patch-bundle.ts FOLDER`, after ncc: replaces `new Buffer`, which the package `tunnel` calls for a proxy with a
 * password. In a bundle Node prints the warning DEP0005 for it into the job's log. Remove this script when it no longer finds the call.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const path = join(process.argv[2] ?? 'dist', 'index.js');
const parts = readFileSync(path, 'utf8').split('new Buffer(connectOptions.proxyAuth)');
if (parts.length !== 2) throw new Error('tunnel does not call `new Buffer` once any more: this step can go');
writeFileSync(path, parts.join('Buffer.from(connectOptions.proxyAuth)'));
