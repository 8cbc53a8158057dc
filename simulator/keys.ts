/** API keys: what each may do, and why it is refused. */
import type { Tier, BucketSize } from './bucket.ts';
import type { Problem } from './answers.ts';
import type { ErrorCode } from './faults.ts';
import type { Call } from './journal.ts';

/** A key; its fields may be changed while the simulator runs, so that a key can be revoked in the middle of a run. */
export interface Key {
  /** Refuse every request with this code (of 401, 402 or 403). */
  refuse: ErrorCode | null;
  scopes: string[];
  tier: Tier;
  /** Replaces the tier's size. */
  bucketSize: BucketSize | null;
  /** Runs and workflows of another tenant are not found. */
  tenant: string;
  /** An OAuth credential: read-only. */
  oauth: boolean;
}

export const DEFAULT_KEY: Key = {
  refuse: null,
  scopes: ['workflows:read', 'workflows:write'],
  tier: 'pro',
  bucketSize: null,
  tenant: 'tenant_1',
  oauth: false,
};

const SCOPES: Partial<Record<Call, string>> = {
  launch: 'workflows:write',
  poll: 'workflows:read',
  list: 'workflows:read',
};

/** Why the key may not make the call; null: it may. @param apiKey null: none was sent */
export function refusalOf(apiKey: string | null, key: Key | undefined, call: Call): Problem | null {
  if (apiKey === null)
    return {
      code: 'missing_api_key',
      detail: 'Send the API key in the Authorization header: Bearer ak_….',
    };
  if (key === undefined && apiKey.startsWith('ak_'))
    return { code: 'invalid_api_key', detail: 'The API key is not known.' };
  if (key === undefined) {
    const detail = 'The bearer token is neither an API key nor a valid OAuth token.';
    return { code: 'invalid_token', detail };
  }
  if (key.refuse !== null) return { code: key.refuse };
  const scope = SCOPES[call];
  if (scope !== undefined && !key.scopes.includes(scope)) {
    const detail = `The API key lacks the scope ${scope}.`;
    return { code: 'insufficient_scope', detail, fields: { missing_scopes: [scope] } };
  }
  return key.oauth && call === 'launch'
    ? { code: 'oauth_not_supported', detail: 'OAuth credentials are read-only; use an API key.' }
    : null;
}

/** The body of `meta.whoami`. */
export function whoAmI(apiKey: string, key: Key): Record<string, unknown> {
  return {
    user_id: 'user_1',
    tenant_id: key.tenant,
    auth_method: key.oauth ? 'oauth' : 'api_key',
    email: 'ci@example.com',
    api_key_id: 'key_1',
    api_key_name: 'CI',
    api_key_prefix: apiKey.slice(0, 12),
    environment: apiKey.startsWith('ak_live_') ? 'live' : 'test',
    rate_limit_tier: key.tier,
    scopes: key.scopes,
  };
}
