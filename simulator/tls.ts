/** Creates certificates at run time, so that the repository holds no private key and the expired one stays expired. */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

export interface Identity {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

const CA = 'Simulator CA';

export type Certificates = ReturnType<typeof createCertificates>;

/** A certificate for `localhost`, 127.0.0.1 and these host names. */
export function createCertificates(names: readonly string[] = []) {
  const authority = createKeys();
  const leaf = (hosts: readonly string[], fromDay: number, toDay: number): Identity => {
    const { privateKey, publicKey } = createKeys();
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { key, cert: createCertificate(hosts, publicKey, authority.privateKey, fromDay, toDay) };
  };
  const hosts = ['localhost', ...names];
  return {
    /** The private CA that signed the others, as PEM for NODE_EXTRA_CA_CERTS. */
    ca: createCertificate([], authority.publicKey, authority.privateKey, -1, 365),
    good: leaf(hosts, -1, 365),
    expired: leaf(hosts, -30, -1),
    wrongName: leaf(['elsewhere.invalid'], -1, 365),
  };
}

function createKeys(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

/** Creates an X.509 certificate in PEM (ECDSA with SHA-256), for the CA itself if there are no hosts. Days count from now. */
function createCertificate(hosts: readonly string[], publicKey: KeyObject, signer: KeyObject, fromDay: number, toDay: number): string {
  const algorithm = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const basicConstraints = sequence(oid(0x55, 0x1d, 0x13), TRUE, octets(sequence(...(hosts.length === 0 ? [TRUE] : []))));
  const dnsNames = hosts.map((host) => tlv(0x82, Buffer.from(host)));
  const addresses = hosts.includes('localhost') ? [tlv(0x87, Buffer.from([127, 0, 0, 1]))] : [];
  const subjectAltName = sequence(oid(0x55, 0x1d, 0x11), octets(sequence(...dnsNames, ...addresses)));
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([0x01]), randomBytes(15)),
    algorithm,
    commonName(CA),
    sequence(time(fromDay), time(toDay)),
    commonName(hosts[0] ?? CA),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(basicConstraints, ...(hosts.length === 0 ? [] : [subjectAltName]))),
  );
  const signature = sign('sha256', body, signer);
  const der = sequence(body, algorithm, tlv(0x03, Buffer.from([0]), signature));
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

// DER: tag, length, value.
function tlv(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}
const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts);
const octets = (value: Uint8Array): Buffer => tlv(0x04, value);
const oid = (...bytes: readonly number[]): Buffer => tlv(0x06, Buffer.from(bytes));
const TRUE = tlv(0x01, Buffer.from([0xff]));
const commonName = (name: string): Buffer => sequence(tlv(0x31, sequence(oid(0x55, 0x04, 0x03), tlv(0x0c, Buffer.from(name)))));
/** Formats UTCTime, YYMMDDHHMMSSZ, which works until 2049. */
const time = (day: number): Buffer => {
  const iso = new Date(Date.now() + day * 86_400_000).toISOString();
  return tlv(0x17, Buffer.from(`${iso.replace(/[-:T]/g, '').slice(2, 14)}Z`));
};
