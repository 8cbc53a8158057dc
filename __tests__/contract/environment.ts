/** The names of the environment that each bundled library reads, and that mean nothing to this action: it hides them. */
export const STRAY: Readonly<Record<string, readonly string[]>> = {
  '@actions/core': ['ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_URL', 'PATH'],
  '@actions/exec': ['COMSPEC'],
  '@actions/github': ['ACTIONS_ORCHESTRATION_ID'],
  '@actions/http-client': ['ACTIONS_ORCHESTRATION_ID'],
  '@actions/io': ['COMSPEC', 'PATH', 'PATHEXT'],
  tunnel: ['NODE_DEBUG'],
  undici: ['CI', 'JEST_WORKER_ID', 'NODE_V8_COVERAGE', 'UNDICI_NO_FG'],
  yaml: ['LOG_STREAM', 'LOG_TOKENS'],
};
