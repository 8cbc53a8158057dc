/** The names of the environment that each bundled library reads, and that mean nothing to this action: it hides them. */
export const STRAY: Readonly<Record<string, readonly string[]>> = {
  '@actions/core': ['PATH'],
  '@actions/exec': ['COMSPEC'],
  '@actions/io': ['COMSPEC', 'PATH', 'PATHEXT'],
  tunnel: ['NODE_DEBUG'],
  undici: ['CI', 'JEST_WORKER_ID', 'NODE_V8_COVERAGE', 'UNDICI_NO_FG'],
  yaml: ['LOG_STREAM', 'LOG_TOKENS'],
};
