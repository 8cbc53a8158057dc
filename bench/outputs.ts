import { LIMITS } from '../src/json.ts';

/** A row is four values: itself and its three fields. At this length both caps, bytes and values, are reached together. */
const ROW_BYTES = Math.ceil(LIMITS.bytes / (LIMITS.values / 4)) + 2;
const REASON = 'Fire rating is 60 minutes; section 08 11 13 asks for 90 minutes on stair doors. ';

/** A review's outputs of about so many bytes as JSON, never more; two in five rows do not comply. */
export function outputsOf(bytes: number) {
  const count = Math.max(1, Math.floor((bytes - 100) / ROW_BYTES));
  const items = Array.from({ length: count }, (_, at) => {
    const item = {
      document_id: `doc-${String(at).padStart(6, '0')}-4a1c2b3d`,
      status: at % 5 < 2 ? 'non-compliant' : 'compliant',
      reason: '',
    };
    const room = ROW_BYTES - 1 - JSON.stringify(item).length;
    return { ...item, reason: REASON.repeat(2).slice(0, room) };
  });
  return { summary: `${count} submittals reviewed.`, items };
}
