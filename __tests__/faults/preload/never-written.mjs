/** For `node --import`: the job summary is never written, and nothing keeps the process waiting for it. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const never = () => new Promise(() => undefined);
Object.assign(fs.promises, { appendFile: never, writeFile: never });
syncBuiltinESMExports();
