import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { createCertificates, type Certificates } from '../../simulator/tls.ts';

/** Creates certificates for these names, and a file with their CA that is deleted after the tests. */
export function issueCertificates(...names: string[]): { certificates: Certificates; caFile: string } {
  const certificates = createCertificates(names);
  const folder = mkdtempSync(join(tmpdir(), 'ca-'));
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, certificates.ca);
  afterAll(() => rmSync(folder, { recursive: true }));
  return { certificates, caFile };
}
