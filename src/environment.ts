/**
 * Imported before everything else: what is bundled sees only these names of the environment, so that no name which a library
 * happens to know changes what it does, prints (`LOG_STREAM`) or sends (`ACTIONS_ORCHESTRATION_ID`, in the User-Agent). Node's own
 * code goes on reading the real environment.
 */
const KEPT =
  /^(?:(?:GITHUB|RUNNER|INPUT)_.*|ALLOOVIUM_API_KEY|(?:https?|no)_proxy|NODE_TLS_REJECT_UNAUTHORIZED|TMPDIR|TEMP|TMP)$/i;

process.env = Object.fromEntries(Object.entries(process.env).filter(([name]) => KEPT.test(name)));

// With NODE_DEBUG, Node writes headers and options to stderr, as they are. Nothing of ours goes there.
process.stderr.write = () => true;
