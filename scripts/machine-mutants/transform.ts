/** Jest's transformer for machine-mutants.ts: types become blanks, so that an offset that V8 names is one of the source; the mutant is put in. */
import { createHash } from 'node:crypto';
import { stripTypeScriptTypes } from 'node:module';
import { plan } from './plan.ts';

const { mutant } = plan;

function mutated(source: string, path: string): string {
  return path === mutant?.path
    ? source.slice(0, mutant.start) + mutant.text + source.slice(mutant.end)
    : source;
}

export default {
  process: (source: string, path: string) => ({ code: stripTypeScriptTypes(mutated(source, path)) }),
  getCacheKey: (source: string, path: string) =>
    createHash('sha256').update(path).update('\0').update(mutated(source, path)).digest('hex'),
};
