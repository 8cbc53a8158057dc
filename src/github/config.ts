/** Reads the file that the input `config` names. */
import { Fault } from '../fault.ts';
import { callGithub, type Github } from './octokit.ts';

interface ConfigFile {
  readonly text: string;
  /** Full SHA of the commit that it was read from. */
  readonly commit: string;
}

const MAX_BYTES = 100 * 1024;

/**
 * Reads `path` from the default branch of this repository, always: whoever writes a pull request cannot change the gate that it has
 * to pass. Or reads `owner/repository/path@ref`.
 * @throws Fault it is no file, or too large; GithubFailure
 */
export async function fetchConfig(github: Github, config: string): Promise<ConfigFile> {
  const [place = '', ref = ''] = config.split('@');
  const [owner, name, ...rest] = place.split('/');
  const isOther = ref !== '';
  const path = isOther ? rest.join('/') : place;
  if (path === '') throw new Fault('config');
  const from = { ...github, repository: isOther ? `${owner}/${name}` : github.repository };
  const found = await callGithub(from, async ({ rest: { repos } }, repository) => {
    const at = isOther ? { sha: ref } : {};
    // Without `sha`, GitHub takes the default branch.
    const { data: commits } = await repos.listCommits({ ...repository, ...at, per_page: 1 });
    const commit = commits[0]?.sha;
    // Without a commit, GitHub would take the default branch.
    if (!commit) throw new Error('there is no commit');
    const { data: file } = await repos.getContent({ ...repository, path, ref: commit });
    // A link that leaves the repository, a submodule and a folder have no content.
    if (!('content' in file)) return 'config_no_file';
    if (file.size > MAX_BYTES) return 'yaml_too_large';
    return { text: Buffer.from(file.content, 'base64').toString(), commit };
  });
  if (typeof found === 'string') throw new Fault(found);
  return found;
}
