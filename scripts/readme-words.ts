/** Measures the length of the README: words by section, without code blocks and URLs (`npm run docs -- --words`). */
export interface Section {
  readonly title: string;
  readonly prose: number;
  readonly tables: number;
}

/** Counts the words in prose and tables of each `##` section, and splits the prose into sentences. */
export function measure(markdown: string): {
  readonly sections: readonly Section[];
  readonly sentences: readonly string[];
} {
  const plain = markdown
    .replaceAll(/^```.*?^```$/gms, '')
    .replaceAll(/<!--.*?-->/gs, '')
    .replaceAll(/\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?/g, '')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\]\([^)]*\)/g, ']');
  const sections = plain.split(/^(?=## )/m).map((text): Section => {
    const lines = text.split('\n');
    const rows = lines.filter((line) => line.startsWith('|') && !/^\|[-:| ]+$/.test(line));
    const prose = lines.filter((line) => !line.startsWith('|'));
    const title = /^#+ (.*)/.exec(text.trim())?.[1] ?? '';
    return { title, prose: wordsOf(prose.join('\n')).length, tables: wordsOf(rows.join('\n')).length };
  });
  const paragraphs = plain
    .replaceAll(/^(?:\|.*|#+ .*)$/gm, '')
    .split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )/)
    .map((one) => one.replaceAll(/\s+/g, ' ').trim());
  const sentences = paragraphs
    .flatMap((one) => one.split(/(?<=[.:?!])(?:\*\*)? (?=[A-Z*`[])/))
    .filter((one) => one !== '');
  return { sections, sentences };
}

export function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}_.’'…/-]*/gu) ?? [];
}

export function formatReport(markdown: string): string {
  const { sections, sentences } = measure(markdown);
  const sum = (of: (section: Section) => number) => sections.reduce((total, one) => total + of(one), 0);
  const long = sentences.filter((one) => wordsOf(one).length > 25);
  const [longest = ''] = [...sentences].sort((a, b) => wordsOf(b).length - wordsOf(a).length);
  const rows = [
    ...sections,
    { title: 'in all', prose: sum(({ prose }) => prose), tables: sum(({ tables }) => tables) },
  ];
  return [
    ...rows.map(
      ({ title, prose, tables }) =>
        `${title.padEnd(34)} ${String(prose + tables).padStart(5)} words, ${prose} of them prose`,
    ),
    `lines ${markdown.split('\n').length - 1}`,
    `longest sentence outside tables: ${wordsOf(longest).length} words: ${longest}`,
    `sentences above 25 words: ${long.length} of ${sentences.length} (${((100 * long.length) / sentences.length).toFixed(0)} %)`,
  ].join('\n');
}
