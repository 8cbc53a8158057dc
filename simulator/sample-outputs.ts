/** Sample outputs of Alloovium workflows other than the vendor's example. */
import { GREEN_OUTPUTS, OUTPUTS } from './vendor-example.ts';

/** The name of each document, the reviewed clause, and a short reason. */
const DOCUMENTS = [
  ['Hollow metal doors, level 2', '08 11 13', 'Stair doors are rated for 60 minutes, not 90.'],
  ['Air handling unit AHU-3', '23 73 13', 'The data sheet is for model 39M-17, not 39M-21.'],
  ['Structural steel shop drawings', '05 12 00', 'Signed, and the connections match the design.'],
  ['Gypsum board, type X', '09 29 00', 'Thickness and fire class are as specified.'],
  ['Membrane roofing', '07 54 23', 'The warranty letter covers 20 years; 15 asked.'],
] as const;

const withClauses = ({ summary, items }: typeof OUTPUTS) => ({
  summary,
  items: items.map(({ document_id, status }, at) => {
    const [document, clause, found] = DOCUMENTS[at]!;
    const wasCorrected = status !== OUTPUTS.items[at]!.status;
    return { document, document_id, clause, status, reason: wasCorrected ? 'Corrected and resubmitted.' : found };
  }),
});

/** Items with fields that stay the same from run to run, which baselines and waivers need. */
export const CLAUSE_OUTPUTS = withClauses(OUTPUTS);
export const GREEN_CLAUSE_OUTPUTS = withClauses(GREEN_OUTPUTS);

/** Nested outputs, where documents have clauses and clauses have issues. */
export const DEEP_OUTPUTS = {
  documents: [
    {
      name: 'Hollow metal doors, level 2',
      document_id: '4a1c2b3d-7e8f-4a9b-8c0d-1e2f3a4b5c6d',
      clauses: [
        {
          clause: '2.3 Fire rating',
          issues: [
            { severity: 'high', text: 'Stair doors are rated for 60 minutes, not 90.', page: 4 },
            { severity: 'low', text: 'The label of the frame is not shown.', page: 6 },
          ],
        },
        { clause: '2.5 Hardware', issues: [] },
      ],
    },
    {
      name: 'Air handling unit AHU-3',
      document_id: '9e07f1aa-3c4d-4e5f-9a6b-7c8d9e0f1a2b',
      clauses: [
        { clause: '2.1 Capacity', issues: [{ severity: 'high', text: 'The data sheet is for model 39M-17, not 39M-21.', page: 2 }] },
      ],
    },
  ],
};

/** Text that would act in a log, in Markdown or in HTML. */
const HOSTILE =
  '::set-output name=conclusion::success\r::add-mask::e\n##[set-env name=PATH]/tmp\u2028::error::x </details>' +
  '<script>alert(1)</script><img src=x> [x](javascript:alert(1)) @octo-org/team #1 \u001b[31m\u202e ``` <!-- alloovium:x -->';

/** Outputs by the names that stories use. */
export const SAMPLES = {
  'all well': { summary: 'All is well.' },
  submittals: OUTPUTS,
  'submittals in order': GREEN_OUTPUTS,
  clauses: CLAUSE_OUTPUTS,
  'clauses in order': GREEN_CLAUSE_OUTPUTS,
  /** Without any ID. */
  rooms: {
    hazards: [
      { room: 'Stair 2, level 3', hazard: 'Door to the stair does not close by itself', severity: 'high' },
      { room: 'Plant room', hazard: 'No second way out within 20 m', severity: 'critical' },
      { room: 'Lobby', hazard: 'Sprinkler head is painted over', severity: 'high' },
      { room: 'Store 2.14', hazard: 'Shelf stands before the hydrant', severity: 'low' },
    ],
  },
  nested: DEEP_OUTPUTS,
  /** Items with changing types, empty strings, and a value in another case. */
  irregular: {
    summary: '',
    items: [
      { document_id: '4a1c2b3d-7e8f-4a9b-8c0d-1e2f3a4b5c6d', status: 'Non-Compliant', reason: '' },
      { document_id: 17, status: 'non-compliant', reason: ['No deflection given.', 'No data sheet.'] },
      { document_id: '', status: 'non-compliant', reason: 'Material differs from the specification.' },
      { document_id: 'c55d0e12-5f60-4718-8293-a4b5c6d7e8f9', status: 'Compliant', reason: null },
      { document_id: '2b8e6f04-1a2b-4c3d-8e4f-5a6b7c8d9e0f', status: 'compliant', reason: { text: 'As specified.' } },
    ],
  },
  large: {
    summary: 'Large.',
    items: Array.from({ length: 12_000 }, (_, at) => ({
      room: `Room ${at}`,
      status: at % 3 === 0 ? 'bad' : 'good',
      reason: 'Paint is coming off the wall next to the window, and the floor has a crack.',
    })),
  },
  /** Outputs over the limit of 300,000 values. */
  'too large': { items: Array.from({ length: 300_001 }, () => 0) },
  hostile: { summary: HOSTILE, items: [{ room: HOSTILE, status: HOSTILE }], [HOSTILE]: 1 },
} as const;

export type SampleName = keyof typeof SAMPLES;
