/**
 * Reduces `process.env` to these names, before any other import. Otherwise a variable that a bundled library reads could change
 * what it does, prints (`LOG_STREAM`) or sends (`ACTIONS_ORCHESTRATION_ID`, in the User-Agent). Node's internals still read the
 * real environment.
 */
const KEPT_NAMES =
  /^(?:(?:GITHUB|RUNNER|INPUT)_.*|ALLOOVIUM_API_KEY|(?:https?|no)_proxy|NODE_TLS_REJECT_UNAUTHORIZED|TMPDIR|TEMP|TMP)$/i;

process.env = Object.fromEntries(Object.entries(process.env).filter(([name]) => KEPT_NAMES.test(name)));

// With NODE_DEBUG, Node writes headers with their secrets to stderr. The action itself writes nothing there.
process.stderr.write = () => true;
