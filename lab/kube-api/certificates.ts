import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** A certificate and its private key: PEM, the key in PKCS #8. */
export type KeyPair = { certificate: string; key: string }
export type ClientIdentity = { user: string; groups?: readonly string[]; hours?: number }

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
const signature = { name: 'ECDSA', hash: 'SHA-256' }
const hour = 3_600_000
const year = 365 * 24

/** A self-signed authority, valid for ten years. */
export async function createAuthority(commonName: string): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validFor(10 * year),
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: signature,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(
        KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature,
        true,
      ),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return toPem(certificate, keys.privateKey)
}

/** A server certificate for host names and IP addresses, valid for a year. The first name is its common name. */
export async function issueServerCertificate(authority: KeyPair, names: readonly string[]): Promise<KeyPair> {
  const alternatives = names.map(name => ({
    type: isIP(name) ? ('ip' as const) : ('dns' as const),
    value: name,
  }))
  return issue(authority, [{ CN: [names[0] ?? 'localhost'] }], year, ExtendedKeyUsage.serverAuth, [
    new SubjectAlternativeNameExtension(alternatives),
  ])
}

/** A client certificate as Kubernetes reads it: the common name is the user, each organisation a group. */
export async function issueClientCertificate(
  authority: KeyPair,
  { user, groups = [], hours = year }: ClientIdentity,
): Promise<KeyPair> {
  const organisations = groups.map(group => ({ O: [group] }))
  return issue(authority, [...organisations, { CN: [user] }], hours, ExtendedKeyUsage.clientAuth, [])
}

async function issue(
  authority: KeyPair,
  subject: Record<string, string[]>[],
  hours: number,
  usage: string,
  extensions: Extension[],
): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const issuer = new X509Certificate(authority.certificate)
  const certificate = await X509CertificateGenerator.create({
    ...validFor(hours),
    subject,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: signature,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      new ExtendedKeyUsageExtension([usage]),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...extensions,
    ],
  })
  return toPem(certificate, keys.privateKey)
}

// Five minutes back, because clocks of other machines may be slow.
function validFor(hours: number): { notBefore: Date; notAfter: Date; serialNumber: string } {
  const serial = webcrypto.getRandomValues(new Uint8Array(16))
  // A leading bit of one would make the number negative in DER.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  return {
    notBefore: new Date(Date.now() - hour / 12),
    notAfter: new Date(Date.now() + hours * hour),
    serialNumber: Buffer.from(serial).toString('hex'),
  }
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), algorithm, false, ['sign'])
}

async function toPem(certificate: X509Certificate, privateKey: webcrypto.CryptoKey): Promise<KeyPair> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', privateKey)
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `${PemConverter.encode(pkcs8, PemConverter.PrivateKeyTag)}\n`,
  }
}
