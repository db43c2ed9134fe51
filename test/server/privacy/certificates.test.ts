import { describe, expect, test } from 'vitest';
import { certifier, verifyCertificate } from '#server/privacy/certificates.ts';
import type { DeletionCertificate } from '#shared/wire/enrolment.ts';

const own = certifier(new Uint8Array(32).fill(7));
const other = certifier(new Uint8Array(32).fill(8));
const certificate = own.certify({
  id: 'certificate-1',
  at: 1_790_000_000_000,
  reason: 'retention-over',
  subject: 'a'.repeat(64),
  items: [
    { what: 'still', attemptId: 'attempt-1', hash: 'b'.repeat(64), bytes: 4_000 },
    { what: 'template', attemptId: null, hash: null, bytes: 2_500 },
  ],
});

test('a certificate is what the server signed, however its members are ordered', () => {
  expect(verifyCertificate(certificate, own.publicKey)).toBe(true);
  const turned = Object.fromEntries(Object.entries(certificate).reverse());
  expect(verifyCertificate(JSON.parse(JSON.stringify(turned)), own.publicKey)).toBe(true);
});

describe('what is none', () => {
  const [still, template] = certificate.items;
  const signature = Buffer.from(certificate.signature, 'base64url');
  signature[0] = (signature[0] ?? 0) ^ 1;
  test.each<[string, Partial<Record<keyof DeletionCertificate, unknown>>]>([
    ['another time', { at: certificate.at + 1 }],
    ['another reason', { reason: 'ordered' }],
    ['another subject', { subject: 'c'.repeat(64) }],
    ['another number', { id: 'certificate-2' }],
    ['an item less', { items: [still] }],
    ['an item more', { items: [still, template, template] }],
    ['items in another order', { items: [template, still] }],
    ['another hash', { items: [{ ...still, hash: 'c'.repeat(64) }, template] }],
    ['fewer bytes', { items: [{ ...still, bytes: 3_999 }, template] }],
    ['a changed signature', { signature: signature.toString('base64url') }],
    ['no signature', { signature: '' }],
    ['a signature that is none', { signature: 'ñ' }],
    ['another key named in it', { publicKey: other.publicKey }],
    ['another format', { format: 'atalaya-deletion-2' }],
    ['a member more', { note: 'x' } as never],
  ])('%s', (_name, change) => {
    expect(verifyCertificate({ ...certificate, ...change }, own.publicKey)).toBe(false);
  });

  test('one that somebody else signed with a key of their own', () => {
    const { format: _f, publicKey: _k, signature: _s, ...draft } = certificate;
    const forged = other.certify(draft);
    expect(verifyCertificate(forged, own.publicKey)).toBe(false);
    // Taking the key from the certificate would believe everybody.
    expect(verifyCertificate(forged, forged.publicKey)).toBe(true);
  });

  test.each([null, 'certificate', 7, [], {}])('%j', (value) => {
    expect(verifyCertificate(value, own.publicKey)).toBe(false);
  });
});
