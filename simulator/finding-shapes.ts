/** Findings as workflows of other authors write them: twelve shapes for which reports are rendered and tested. */
type JsonObject = Readonly<Record<string, unknown>>;
type JsonValue = unknown;

export interface Shape {
  /** The output that holds them. */
  readonly name: string;
  /** What their author calls the condition. */
  readonly condition: string;
  readonly items: readonly JsonValue[];
  /** Which of them are findings; default: all. */
  readonly filter?: string;
}

/** A UUID that begins with these eight digits. */
const uuid = (start: string) => `${start}-7e8f-4a9b-8c0d-1e2f3a4b5c6d`;

/** The documented shape. */
const VENDOR = [
  ['4a1c2b3d', 'non-compliant', 'Fire rating is 60 minutes; section 08 11 13 asks for 90 minutes on stair doors.'],
  ['9e07f1aa', 'non-compliant', 'The product data sheet is for model 39M-17; the schedule lists 39M-21.'],
  ['c55d0e12', 'compliant', 'The shop drawing is signed and its connections match the design.'],
].map(([id = '', status = '', reason = '']): JsonObject => ({ document_id: uuid(id), status, reason }));

const ROOMS = [
  { room: 'Stair 2, level 3', hazard: 'Door to the stair does not close by itself', severity: 'high' },
  { room: 'Plant room', hazard: 'No second way out within 20 m', severity: 'critical' },
  { room: 'Lobby', hazard: 'Sprinkler head is painted over', severity: 'high' },
];

const DRAWINGS = [
  { drawing: 'A-201 Rev C', element: 'Curtain wall, axis 4', days: 21, trade: 'Facade' },
  { drawing: 'S-110 Rev A', element: 'Slab opening, axis B', days: 18, trade: 'Concrete' },
];

const SUBMITTALS = [
  {
    submittal_id: uuid('71f3a9d8'),
    title: 'Hollow metal doors, level 2',
    section: '08 11 13',
    status: 'rejected',
    reviewer: 'M. Okafor',
    reason: 'Fire rating is 60 minutes; 90 asked on stair doors.',
    due: '2026-04-15',
  },
  {
    submittal_id: uuid('2b8e6f04'),
    title: 'Air handling unit AHU-3',
    section: '23 73 13',
    status: 'rejected',
    reviewer: 'J. Lindqvist',
    reason: 'The data sheet is for model 39M-17; the schedule lists 39M-21.',
    due: '2026-04-17',
  },
];

const sarif = (ruleId: string, text: string, uri: string, startLine: number) => ({
  ruleId,
  level: 'error',
  message: { text },
  locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine } } }],
});
const SARIF = [
  sarif('spec/missing-clause', 'Clause 2.3.1 is not answered.', 'specs/08-11-13.md', 42),
  sarif('spec/contradiction', 'Two fire ratings are given for one door.', 'specs/08-11-13.md', 77),
];

const JUNIT = [
  {
    classname: 'envelope.Door',
    name: 'closes by itself',
    time: 0.42,
    failure: { type: 'AssertionError', message: 'expected a closer on D-204' },
  },
  {
    classname: 'envelope.Window',
    name: 'has safety glass below 900 mm',
    time: 0.31,
    failure: { type: 'AssertionError', message: 'W-17: float glass' },
  },
];

const RFIS = [
  {
    number: 'RFI-0113',
    subject: 'Beam depth at axis 7',
    ball_in_court: 'Structural engineer',
    due: '2026-04-02',
    days_overdue: 9,
    cost_impact: null,
  },
  {
    number: 'RFI-0127',
    subject: 'Fire stopping at the riser',
    ball_in_court: 'Architect',
    due: '2026-04-06',
    days_overdue: 5,
    cost_impact: 'TBC',
  },
];

const PUNCH_LIST = [
  {
    item: 1,
    location: 'L2 / Corridor',
    trade: 'Paint',
    description: 'Scratches beside the lift',
    open: true,
    photos: 3,
  },
  { item: 2, location: 'L2 / 2.14', trade: 'Doors', description: 'Handle is loose', open: true, photos: 1 },
  {
    item: 3,
    location: 'L3 / 3.02',
    trade: 'Doors',
    description: 'Leaf scrapes the floor',
    open: true,
    photos: 2,
  },
];

/** Nested JSON of a model. */
const EVIDENCE = [
  {
    finding: { title: 'Stair door without closer', severity: { level: 'high', score: 0.91 } },
    evidence: [{ document: 'Door schedule Rev D', page: 4, quote: 'D-204: no closer' }],
    checks: { required: true, waived: false },
  },
  {
    finding: { title: 'Riser without fire stopping', severity: { level: 'critical', score: 0.97 } },
    evidence: [
      { document: 'M-301', page: 1, quote: 'riser R2 open' },
      { document: 'Fire strategy', page: 12, quote: 'all risers' },
    ],
    checks: { required: true, waived: false },
  },
];

/** An export of a building model's elements, with sixty parameters each. */
const WIDE = [1, 2].map((row): JsonObject => ({
  element: `Door D-20${row}`,
  level: 'Level 2',
  problem: row === 1 ? 'No closer' : 'Leaf is 5 mm too wide',
  ...Object.fromEntries(Array.from({ length: 57 }, (_, at) => [`parameter_${at + 1}`, at % 3 === 0 ? 'none' : row * 100 + at])),
}));

const TEXTS = [
  'Door D-204 has no closer, though it opens to the stair.',
  'The fire strategy asks for 90 minutes at riser R2; the schedule says 60.',
];

const MIXED = [
  { room: 'Plant room', problem: 'No second way out' },
  'Lobby: sprinkler head is painted over',
  { place: ['Stair 2', 'level 3'], problem: 'Door does not close' },
];

export const SHAPES: Readonly<Record<string, Shape>> = {
  vendor: { name: 'items', condition: 'not compliant', items: VENDOR, filter: "i.status != 'compliant'" },
  rooms: { name: 'hazards', condition: 'dangerous', items: ROOMS },
  drawings: { name: 'late', condition: 'late', items: DRAWINGS },
  submittals: {
    name: 'submittals',
    condition: 'rejected',
    items: SUBMITTALS,
    filter: "i.status == 'rejected'",
  },
  sarif: { name: 'results', condition: 'errors', items: SARIF },
  junit: { name: 'failures', condition: 'failed', items: JUNIT },
  rfis: { name: 'rfis', condition: 'overdue', items: RFIS, filter: 'i.days_overdue > 3' },
  punch_list: { name: 'punch_list', condition: 'open', items: PUNCH_LIST, filter: 'i.open' },
  evidence: { name: 'findings', condition: 'serious', items: EVIDENCE },
  wide: { name: 'rows', condition: 'problems', items: WIDE },
  texts: { name: 'problems', condition: 'problems', items: TEXTS },
  mixed: { name: 'remarks', condition: 'remarks', items: MIXED },
};

/** The outputs of a run with findings of this shape. */
export function outputsOf({ name, items }: Shape): JsonObject {
  return { [name]: [...items] };
}

/** The condition that finds them; its default title does not describe them. */
export function conditionOf({ name, filter }: Shape, title = 'to be done'): string {
  const list = `outputs.${name}`;
  return `${title}: ${filter === undefined ? list : `${list}.filter(i, ${filter})`}`;
}
