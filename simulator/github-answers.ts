/** GitHub's answers that depend on no state: refusals, and those that a test scripts. */

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent unchanged, any other value as JSON. */
  readonly body?: unknown;
}

/** An error without details. */
export const problem = (status: number, message: string): Answer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
});

/** GitHub's answer to a GITHUB_TOKEN on pull requests from forks, or without the permission. */
export const NOT_ACCESSIBLE: Answer = {
  status: 403,
  headers: { 'x-accepted-github-permissions': 'issues=write; pull_requests=write' },
  body: {
    message: 'Resource not accessible by integration',
    documentation_url: 'https://docs.github.com/rest/issues/comments#create-an-issue-comment',
    status: '403',
  },
};

/** The answer when the hourly limit is used up. @param resetAt in seconds since 1970 */
export const primaryLimit = (resetAt: number): Answer => ({
  status: 403,
  headers: {
    'x-ratelimit-limit': '1000',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(resetAt),
  },
  body: {
    message: 'API rate limit exceeded for installation ID 1.',
    documentation_url: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
  },
});

/** The answer to too many requests at once. @param retryAfter in seconds; null: no hint */
export const secondaryLimit = (retryAfter: number | null, status: 403 | 429 = 403): Answer => ({
  status,
  headers: retryAfter === null ? {} : { 'retry-after': String(retryAfter) },
  body: {
    message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    documentation_url:
      'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
  },
});

/** The page of a gateway in front of GitHub. */
export const BAD_GATEWAY: Answer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
};
