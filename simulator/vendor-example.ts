/** The vendor's example "Weekly submittal review", completed to five submittals, of which two are not compliant. */

export const TEST_KEY = 'ak_test_4f9c1d7e8a2b3c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f';
export const WORKFLOW_ID = 'wf_1f02d9ef-6c1e-4b7a-9d55-0b8f4e2a7c31';
export const PROJECT_ID = '8f2e3c1a-54b0-4c7d-8e9f-a1b2c3d4e5f6';
export const INPUTS = { start_date: '2026-04-01', end_date: '2026-04-08' } as const;

export const WORKFLOW = {
  id: WORKFLOW_ID,
  name: 'Weekly submittal review',
  description: 'Scan new submittals for noncompliance and summarise.',
  enabled: true,
  trigger_type: 'manual',
  created_at: '2026-03-12T08:00:00+00:00',
  updated_at: '2026-04-01T12:14:00+00:00',
};
export type Workflow = Readonly<typeof WORKFLOW>;

/** A second Alloovium workflow, so that the list of the nearest ones has a choice. */
export const DISABLED_WORKFLOW: Workflow = {
  ...WORKFLOW,
  id: 'wf_1f02d9ee-2b3c-4d5e-8f60-718293a4b5c6',
  name: 'Weekly submittal review (2025)',
  enabled: false,
};

const item = (document_id: string, status: string, reason: string) => ({ document_id, status, reason });

/** Items as on the vendor's page, with a document's ID, a status and a reason. */
export const OUTPUTS = {
  summary: '5 submittals reviewed, 2 flagged for non-compliance.',
  items: [
    item(
      '4a1c2b3d-7e8f-4a9b-8c0d-1e2f3a4b5c6d',
      'non-compliant',
      'Fire rating is 60 minutes; section 08 11 13 asks for 90 minutes on stair doors.',
    ),
    item('9e07f1aa-3c4d-4e5f-9a6b-7c8d9e0f1a2b', 'non-compliant', 'The product data sheet is for model 39M-17; the schedule lists 39M-21.'),
    item('c55d0e12-5f60-4718-8293-a4b5c6d7e8f9', 'compliant', 'The shop drawing is signed and its connections match the design.'),
    item('2b8e6f04-1a2b-4c3d-8e4f-5a6b7c8d9e0f', 'compliant', 'Thickness and fire classification are as specified.'),
    item('71f3a9d8-6b7c-4d8e-9f0a-1b2c3d4e5f60', 'compliant', 'Warranty letter covers 20 years; the section asks for 15.'),
  ],
};

const CORRECTED = 'Corrected and resubmitted; now as the section asks.';
/** The same review after both documents were corrected. */
export const GREEN_OUTPUTS = {
  summary: '5 submittals reviewed, none flagged.',
  items: OUTPUTS.items.map((one) => item(one.document_id, 'compliant', one.status === 'compliant' ? one.reason : CORRECTED)),
};
