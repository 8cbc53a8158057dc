/** The result of an order, for each of its entries. Pure. */
import { NOT_EVALUATED } from '../gate/baseline.ts';
import type { Ending, Evaluated } from './events.ts';
import type { OrderRecord } from './record.ts';

/** The result of an order for one of its entries, whatever happened. */
export interface Outcome extends Omit<OrderRecord, 'evaluated'>, Evaluated {
  readonly ending: Ending;
}

/** Returns an outcome for each entry of the order, even if the order ended early. */
export function outcomesOf({ evaluated, ...known }: OrderRecord, ending: Ending): Outcome[] {
  return known.order.entries.map((entry, at) => ({
    ...known,
    ...(evaluated[at] ?? { ...NOT_EVALUATED, entry, findings: [], stored: null }),
    ending,
  }));
}
