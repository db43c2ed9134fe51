import type { KeyObject } from 'node:crypto';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
} from 'node:crypto';
import { canonical, type Json, type JsonObject } from './canonical.ts';

export const sha256 = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** The hash of a form, or of anything that is named by its canonical JSON. */
export const hashOf = (value: Json): string => sha256(canonical(value));

export interface DeviceKey {
  readonly privateKey: KeyObject;
  /** Raw 32 bytes, base64url. */
  readonly publicKey: string;
}

const publicOf = (privateKey: KeyObject): string =>
  String(createPublicKey(privateKey).export({ format: 'jwk' }).x);

export const newKey = (): DeviceKey => {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicKey: publicOf(privateKey) };
};

/** The key of a seed of 32 bytes, in hex: for the document's example. */
export const keyOf = (seed: string): DeviceKey => {
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: publicOf(privateKey) };
};

export interface Entry {
  readonly attemptId: string;
  readonly seq: number;
  readonly t: number;
  readonly wall: number;
  readonly type: string;
  readonly data: JsonObject;
  readonly previous: string;
  readonly hash: string;
  readonly signature?: string;
}

const UNSIGNED = new Set([
  'observation',
  'question-visited',
  'question-flagged',
  'incident-closed',
]);
const CHECKPOINT_EVERY = 50;

/** The ledger of one attempt: what is in it was hashed, linked and signed in its order. */
export const openLedger = (attemptId: string, key: DeviceKey) => {
  const entries: Entry[] = [];
  let unsigned = 0;

  const seal = (type: string, data: JsonObject, t: number, wall: number): Entry => {
    const previous = entries.at(-1)?.hash ?? '0'.repeat(64);
    const draft = { attemptId, seq: entries.length + 1, t, wall, type, data, previous };
    const hash = hashOf(draft);
    const signed = !UNSIGNED.has(type);
    const signature = signed
      ? { signature: sign(null, Buffer.from(hash, 'ascii'), key.privateKey).toString('base64url') }
      : {};
    const entry = { ...draft, hash, ...signature };
    entries.push(entry);
    unsigned = signed ? 0 : unsigned + 1;
    if (unsigned === CHECKPOINT_EVERY) seal('checkpoint', {}, t, wall);
    return entry;
  };

  return { entries: entries as readonly Entry[], seal };
};
