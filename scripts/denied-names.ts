/** Words that no declared name may contain: each has a standard term (CONTRIBUTING.md, "Names"). */
const WORDS = [
  'tell',
  'told',
  'said',
  'hear',
  'mend',
  'mishap',
  'fate',
  'strike',
  'struck',
  'slip',
  'anew',
  'nameless',
  'astray',
  'weigh',
  'dear',
  'asAny',
  'unknowable',
];

const patterns = WORDS.flatMap((word) => {
  const capital = word.slice(0, 1).toUpperCase() + word.slice(1);
  return [`(?:^|_)${word}(?![a-z])`, `${capital}(?![a-z])`, `(?:^|_)${word.toUpperCase()}(?![A-Z])`];
});

/** Matches a name with one of the words as a part: `told`, `isTold`, `TOLD_AT`, but not `heartbeat`. */
export const DENIED_NAME = new RegExp(patterns.join('|'));

/** An ESLint rule that reports such names where they are declared. */
export const deniedNames = {
  create: (context: { report(problem: { node: object; message: string }): void }) => ({
    Identifier(node: { readonly name: string; readonly parent: Readonly<Record<string, unknown>> }) {
      const { type, id, key, params, value, local, imported, argument, left, label, param } = node.parent;
      const isParameter = Array.isArray(params) && params.includes(node);
      const isDeclared =
        isParameter ||
        [id, key, value, argument, left, label, param].includes(node) ||
        type === 'ArrayPattern' ||
        (String(type).startsWith('Import') && local === node && imported !== node);
      const isReference =
        type === 'ReturnStatement' ||
        type === 'AwaitExpression' ||
        (type === 'ExportSpecifier' && local === node);
      if (isDeclared && !isReference && DENIED_NAME.test(node.name))
        context.report({
          node,
          message: `"${node.name}" has a word that names avoid: see CONTRIBUTING.md, "Names"`,
        });
    },
  }),
};
