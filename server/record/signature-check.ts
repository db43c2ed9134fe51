import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { promisify } from 'node:util';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { Registration } from './registry-ports.ts';

const verifyAsync = promisify(
  (key: KeyObject, data: Buffer, signature: Buffer, done: (e: Error | null, ok: boolean) => void) =>
    verify(null, data, key, signature, done),
);

type Device = NonNullable<Registration['device']>;

/** A key is read once for as long as its device is in memory. */
const keys = new WeakMap<Device, KeyObject>();

const keyOf = (device: Device): KeyObject => {
  let key = keys.get(device);
  if (key === undefined) {
    key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: device.publicKey },
      format: 'jwk',
    });
    keys.set(device, key);
  }
  return key;
};

/**
 * Whether a signed entry was signed by the device that the attempt is on; off the main thread.
 * @returns why not, or null.
 */
export const signatureFault = async (
  device: Device | null,
  entry: LedgerEntry,
): Promise<'no-device' | 'signature-wrong' | null> => {
  if (entry.signature === undefined) return null;
  if (device === null) return 'no-device';
  const fits = await verifyAsync(
    keyOf(device),
    Buffer.from(entry.hash, 'ascii'),
    Buffer.from(entry.signature, 'base64url'),
  );
  return fits ? null : 'signature-wrong';
};
