/** Reads the gate from the file that the input `config` names: its keys are inputs of the step. */
import { Fault } from '../fault.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { findNearest } from '../text/nearest-name.ts';
import type { OnFault } from './inputs.ts';
import { readYaml } from './parsers.ts';

const CONFIG_KEYS = ['fail_if', 'warn_if', 'fail_on', 'known_by', 'columns', 'waivers', 'baseline'];

/** Returns the values by the names of the inputs, as they were typed. */
export async function readConfig(text: string, onFault: OnFault): Promise<JsonObject> {
  try {
    const { texts, lineOf } = await readYaml(text, '');
    if (!isJsonObject(texts)) throw new Fault('config_mapping', ...CONFIG_KEYS);
    const unknown = Object.keys(texts).find((key) => !CONFIG_KEYS.includes(key));
    if (unknown === undefined) return texts;
    throw new Fault(
      'config_key',
      lineOf(unknown),
      findNearest(CONFIG_KEYS, unknown, () => 2) ?? '',
      ...CONFIG_KEYS,
    );
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    onFault('config', error);
    return {};
  }
}
