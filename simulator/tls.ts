/** Creates certificates at run time, so that the repository holds no private key and the expired one stays expired. */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

export interface Identity {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

export interface Certificates {
  /** The private CA that signed `good`, `expired` and `wrongName`; PEM, for NODE_EXTRA_CA_CERTS. */
  readonly ca: string;
  readonly good: Identity;
  readonly expired: Identity;
  readonly wrongName: Identity;
  readonly selfSigned: Identity;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** For `localhost`, 127.0.0.1 and these host names. */
export function createCertificates(names: readonly string[] = []): Certificates {
  const now = Date.now();
  const valid = { from: now - DAY_MS, to: now + 365 * DAY_MS };
  const hosts = ['localhost', ...names];
  const authority = keyPair();
  const issuer = { name: 'Simulator CA', key: authority.privateKey };
  const leaf = (hosts: readonly string[], dates: { from: number; to: number }): Identity => {
    const pair = keyPair();
    return {
      key: pem('PRIVATE KEY', pair.privateKey.export({ type: 'pkcs8', format: 'der' })),
      cert: certificate({ subject: hosts[0]!, hosts, publicKey: pair.publicKey, issuer, ...dates }),
    };
  };
  const own = keyPair();
  return {
    ca: certificate({ subject: issuer.name, hosts: [], publicKey: authority.publicKey, issuer, ...valid }),
    good: leaf(hosts, valid),
    expired: leaf(hosts, { from: now - 30 * DAY_MS, to: now - DAY_MS }),
    wrongName: leaf(['elsewhere.invalid'], valid),
    selfSigned: {
      key: pem('PRIVATE KEY', own.privateKey.export({ type: 'pkcs8', format: 'der' })),
      cert: certificate({
        subject: 'localhost',
        hosts,
        publicKey: own.publicKey,
        issuer: { name: 'localhost', key: own.privateKey },
        ...valid,
      }),
    },
  };
}

function keyPair(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

/** X.509 version 3, ECDSA with SHA-256; a certificate without hosts is an authority's. */
function certificate(of: {
  subject: string;
  hosts: readonly string[];
  publicKey: KeyObject;
  issuer: { name: string; key: KeyObject };
  from: number;
  to: number;
}): string {
  const algorithm = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const isAuthority = of.hosts.length === 0;
  const extensions = [
    // basicConstraints, critical
    sequence(oid(0x55, 0x1d, 0x13), TRUE, octets(sequence(...(isAuthority ? [TRUE] : [])))),
    ...(isAuthority
      ? []
      : [
          // subjectAltName: the hosts, and 127.0.0.1 with localhost
          sequence(
            oid(0x55, 0x1d, 0x11),
            octets(
              sequence(
                ...of.hosts.map((host) => tlv(0x82, Buffer.from(host))),
                ...(of.hosts.includes('localhost') ? [tlv(0x87, Buffer.from([127, 0, 0, 1]))] : []),
              ),
            ),
          ),
        ]),
  ];
  const body = sequence(
    tlv(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    algorithm,
    commonName(of.issuer.name),
    sequence(time(of.from), time(of.to)),
    commonName(of.subject),
    of.publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, of.issuer.key);
  return pem('CERTIFICATE', sequence(body, algorithm, tlv(0x03, Buffer.from([0]), signature)));
}

// DER: tag, length, value.
function tlv(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}
const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts);
const integer = (value: Uint8Array): Buffer => tlv(0x02, value);
const octets = (value: Uint8Array): Buffer => tlv(0x04, value);
const oid = (...bytes: readonly number[]): Buffer => tlv(0x06, Buffer.from(bytes));
const TRUE = tlv(0x01, Buffer.from([0xff]));
const commonName = (name: string): Buffer => sequence(tlv(0x31, sequence(oid(0x55, 0x04, 0x03), tlv(0x0c, Buffer.from(name)))));
/** UTCTime, YYMMDDHHMMSSZ: works until 2049. */
const time = (ms: number): Buffer => tlv(0x17, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));

function pem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .match(/.{1,64}/g)!;
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
