import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { createCertificates, type Certificates } from '../../simulator/tls.ts';

/** Certificates for these names, and their CA in a file as long as the tests of a file run. */
export function issued(...names: string[]): { certificates: Certificates; caFile: string } {
  const certificates = createCertificates(names);
  const folder = mkdtempSync(join(tmpdir(), 'ca-'));
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, certificates.ca);
  afterAll(() => rmSync(folder, { recursive: true }));
  return { certificates, caFile };
}
