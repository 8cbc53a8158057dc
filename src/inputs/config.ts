/** Reads the gate from the file that the input `config` names: its keys are inputs of the step. */
import { Fault } from '../fault.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { OnFault } from './inputs.ts';
import { readYaml } from './parsers.ts';
import { areKnownKeys } from './runs.ts';

const CONFIG_KEYS = ['fail_if', 'warn_if', 'fail_on', 'known_by', 'columns', 'waivers', 'baseline'];

/** Returns the values by the names of the inputs, as they were typed. */
export async function readConfig(text: string, onFault: OnFault): Promise<JsonObject> {
  try {
    const { texts } = await readYaml(text, '');
    if (!isJsonObject(texts)) throw new Fault('config_mapping', ...CONFIG_KEYS);
    return areKnownKeys(texts, CONFIG_KEYS, onFault) ? texts : {};
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    onFault('config', error);
    return {};
  }
}
