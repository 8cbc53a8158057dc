/** Reads the `config` file. */
import type { InputFault } from '../outcome.ts';
import type { Context } from './context.ts';
import { callGithub, type Github, type Octokit, type Repository } from './octokit.ts';

export interface ConfigFile {
  readonly text: string;
  /** Full SHA of the commit that it was read from. */
  readonly commit: string;
  /** "`.github/alloovium.yml` on `main`" */
  readonly name: string;
  readonly place: InputFault['place'];
}

const MAX_BYTES = 100 * 1024;

/**
 * Reads `path` from the default branch of this repository, always: nobody can change the gate by the pull request that has to pass it.
 * Or reads `owner/repository/path@ref`.
 * @returns the file, or why it has no gate @throws GithubFailure
 */
export function fetchConfig(
  github: Github,
  config: string,
  { defaultBranch }: Pick<Context, 'defaultBranch'>,
): Promise<ConfigFile | InputFault> {
  const [location = '', ref = ''] = config.split('@');
  const isOther = ref !== '';
  const [owner, repo, ...rest] = location.split('/');
  const path = isOther ? rest.join('/') : location;
  const repository = isOther ? `${owner}/${repo}` : github.repository;
  const branch = defaultBranch ? `\`${defaultBranch}\`` : 'the default branch';
  const name = isOther ? `\`${location}\` at \`${ref}\`` : `\`${path}\` on ${branch}`;
  return callGithub({ ...github, repository }, async ({ rest: { repos } }, one) => {
    // Without `sha`, GitHub takes the default branch.
    const at = isOther ? { sha: ref } : {};
    const commits = await findOrNull(repos.listCommits({ ...one, ...at, per_page: 1 }), isOther);
    if (commits === null) {
      const text = `${name} cannot be read with this \`github_token\`: give the step a token that can read \`${repository}\`, and check the ref`;
      return { text, input: 'config', entry: '', place: 'workflow_file' };
    }
    const commit = commits[0]?.sha;
    // Without a commit, GitHub would take the default branch.
    if (!commit) throw new Error('there is no commit');
    const read = await readText(repos, one, path, commit);
    if ('text' in read) return { text: read.text, commit, name, place: 'config_file' };
    return { text: `${name} ${read.fault}`, input: 'config', entry: '', place: 'config_file' };
  });
}

/**
 * Reads the copy of `path` in the merge commit of a pull request.
 * @param governing the text on the default branch; null: there is none
 * @returns the copy, or why it has no gate; null: the pull request does not change it @throws GithubFailure
 */
export function fetchOwnCopy(
  github: Github,
  path: string,
  mergeCommit: string,
  governing: string | null,
): Promise<ConfigFile | InputFault | null> {
  const name = `\`${path}\` of this pull request`;
  const place = 'own_config_file';
  return callGithub(github, async ({ rest: { repos, git } }, repository) => {
    const copy = await readText(repos, repository, path, mergeCommit);
    const text = 'text' in copy ? copy.text : null;
    if (text !== null && text === governing) return null;
    // The default branch may have moved on since GitHub made the merge commit, whose first parent is its base.
    const { data } = await git.getCommit({ ...repository, commit_sha: mergeCommit });
    const [base] = data.parents;
    if (base === undefined) throw new Error('the merge commit has no parent');
    const before = await readText(repos, repository, path, base.sha);
    if (JSON.stringify(before) === JSON.stringify(copy)) return null;
    if (text !== null) return { text, commit: mergeCommit, name, place };
    return { text: `${name} ${'fault' in copy ? copy.fault : ''}`, input: 'config', entry: '', place };
  });
}

/** Reads a file at a commit. @returns its text, or what is wrong with it */
async function readText(
  repos: Octokit['rest']['repos'],
  repository: Repository,
  path: string,
  ref: string,
): Promise<{ readonly text: string } | { readonly fault: string }> {
  const file = await findOrNull(repos.getContent({ ...repository, path, ref }));
  if (file === null) return { fault: 'does not exist: check the path' };
  // A link that leaves the repository, a submodule and a folder have no content.
  if (!('content' in file)) return { fault: 'is not a file' };
  if (file.size > MAX_BYTES) return { fault: 'is over 100 KB' };
  return { text: Buffer.from(file.content, 'base64').toString() };
}

/** Returns the answer's data; null: GitHub does not find it, or with `isOther` does not show it. */
async function findOrNull<T>(call: Promise<{ readonly data: T }>, isOther = false): Promise<T | null> {
  try {
    return (await call).data;
  } catch (error) {
    const { status } = error as { readonly status?: number };
    if (status === 404 || (isOther && status === 403)) return null;
    throw error;
  }
}
