/**
 * The rooms of `src/` from top to bottom, files and folders. A file imports, types included, from its own room and from the lines
 * below; rooms on one line know nothing of each other.
 */
const ROOMS = [
  ['index'],
  ['main'],
  ['plan', 'publish'],
  ['report'],
  ['run'],
  ['step'],
  ['inputs'],
  ['api', 'github', 'gate'],
  ['baseline'],
  ['outcome'],
  ['text'],
  ['json', 'clock'],
];
const toPath = (...rooms) => `^src/(?:${rooms.join('|')})(?:/|[.]ts$)`;

export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'every file has a room',
      severity: 'error',
      from: { path: '^src/', pathNot: toPath(...ROOMS.flat()) },
      to: {},
    },
    ...ROOMS.flatMap((line, at) =>
      line.map((room) => ({
        name: `${room} imports from below`,
        severity: 'error',
        from: { path: toPath(room) },
        to: { path: '^src/', pathNot: toPath(room, ...ROOMS.slice(at + 1).flat()) },
      })),
    ),
    {
      name: 'only github/runner writes to the runner',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/github/runner[.]ts$' },
      to: { path: 'node_modules/@actions/core/' },
    },
    {
      name: 'only two files reach the network',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(?:api/transport|github/octokit)[.]ts$' },
      to: { path: 'node_modules/@actions/http-client/' },
    },
  ],
  options: { doNotFollow: { path: 'node_modules' }, tsPreCompilationDeps: true },
};
