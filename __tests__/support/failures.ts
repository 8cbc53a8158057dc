/** Failures of requests to start from. */
import type { ErrorCode, RequestFailure } from '../../src/alloovium/errors.ts';

export function aFailure(code: ErrorCode, overrides: Partial<RequestFailure> = {}): RequestFailure {
  return { kind: 'rejected', code, status: null, detail: '', requestId: '', missingScopes: [], retryAfterMs: null, ...overrides };
}
