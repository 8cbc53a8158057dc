import { JSON_LIMITS } from '../src/json.ts';

/** An item has four values: itself and its three fields. At this length both limits, bytes and values, are reached together. */
const ROW_BYTES = Math.ceil(JSON_LIMITS.bytes / (JSON_LIMITS.values / 4)) + 2;
const REASON = 'Fire rating is 60 minutes; section 08 11 13 asks for 90 minutes on stair doors. ';

/** Outputs of a review with at most `bytes` as JSON, and nearly as many; two in five items do not comply. */
export function reviewOutputs(bytes: number) {
  const count = Math.max(1, Math.floor((bytes - 100) / ROW_BYTES));
  const items = Array.from({ length: count }, (_, at) => {
    const item = {
      document_id: `doc-${String(at).padStart(6, '0')}-4a1c2b3d`,
      status: at % 5 < 2 ? 'non-compliant' : 'compliant',
      reason: '',
    };
    const reasonLength = ROW_BYTES - 1 - JSON.stringify(item).length;
    return { ...item, reason: REASON.repeat(2).slice(0, reasonLength) };
  });
  return { summary: `${count} submittals reviewed.`, items };
}
