/** The page's samples: outputs whose documents have names, with a gate each. */
import { CLAUSE_OUTPUTS, DEEP_OUTPUTS, GREEN_CLAUSE_OUTPUTS } from '../simulator/sample-outputs.ts';

const SUBMITTALS = {
  second: '',
  fail_if: `not compliant: outputs.items.filter(i, i.status != 'compliant')
nothing reviewed: size(outputs.items) == 0`,
  warn_if: '',
  known_by: 'document, clause, status',
  columns: 'document, clause, reason',
};

const issues = (severity: string) =>
  `outputs.documents.map(d, d.clauses.map(c, c.issues.filter(i, i.severity == '${severity}').map(i, {'document': d.name, 'clause': c.clause, 'issue': i.text}))).flatten(2)`;

const NESTED = {
  second: '',
  fail_if: `severe: ${issues('high')}
nothing reviewed: size(outputs.documents) == 0`,
  warn_if: `minor: ${issues('low')}`,
  known_by: 'document, clause, issue',
  columns: 'document, clause, issue',
};

const format = (outputs: object) => JSON.stringify(outputs, null, 2);

/** By the button's name, the text of each field. */
export const SAMPLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Two findings': { outputs: format(CLAUSE_OUTPUTS), ...SUBMITTALS },
  'No findings': { outputs: format(GREEN_CLAUSE_OUTPUTS), ...SUBMITTALS },
  'Issues within documents': { outputs: format(DEEP_OUTPUTS), ...NESTED },
};
