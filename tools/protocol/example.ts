import { createPrivateKey, createPublicKey, hash, pbkdf2Sync, sign } from 'node:crypto';
import { hashInput } from '#shared/chain/chain.ts';
import { exitCodeText, staffKeySaltText, staffProofText } from '#shared/exam/exit-code.ts';
import { BY_HAND } from '#shared/identity/identity-facts.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { GENESIS, type JsonObject, type LedgerEntry } from '#shared/ledger/entry.ts';
import { mustBeSigned } from '#shared/wire/facts.ts';
import { type KioskToServer, PROTOCOL, type ServerToKiosk } from '#shared/wire/kiosk-socket.ts';

/** The header of an Ed25519 private key in PKCS #8; the 32 bytes of the seed follow. */
const PKCS8 = '302e020100300506032b657004220420';
/** Bytes 00 01 02 … 1f: everybody can make this key. Never use it for anything. */
const SEED = Buffer.from(Array.from({ length: 32 }, (_, i) => i));

const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from(PKCS8, 'hex'), SEED]),
  format: 'der',
  type: 'pkcs8',
});

/** The public key as it is enrolled and as the first entry names it. */
export const EXAMPLE_PUBLIC_KEY = createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '';
export const EXAMPLE = {
  attemptId: 'attempt-example',
  sessionId: 'session-example',
  deviceId: 'device-example',
  token: 'examinee-token-of-the-example',
} as const;

const START = 1_790_000_000_000;

const chain = (drafts: readonly (readonly [string, number, JsonObject])[]) => {
  let previous = GENESIS;
  return drafts.map(([type, t, data], i) => {
    const draft = {
      attemptId: EXAMPLE.attemptId as LedgerEntry['attemptId'],
      seq: i + 1,
      t,
      wall: START + t,
      type,
      data,
      previous,
    };
    const canonical = hashInput(draft);
    const digest = hash('sha256', canonical, 'hex');
    previous = digest;
    const entry: LedgerEntry = mustBeSigned(type)
      ? {
          ...draft,
          hash: digest,
          signature: sign(null, Buffer.from(digest, 'ascii'), privateKey).toString('base64url'),
        }
      : { ...draft, hash: digest };
    return { canonical, entry };
  });
};

const SALT = '00112233445566778899aabbccddeeff';
const ITERATIONS = 1_000;
const stretched = (code: string, salt: string): string =>
  pbkdf2Sync(exitCodeText(code), Buffer.from(salt, 'hex'), ITERATIONS, 32, 'sha256').toString(
    'hex',
  );

/** What a ticket says of a session's code, a code as somebody types it, and what follows from it. */
const staffExitExample = () => {
  const code = 'oil7-k2mn';
  const act = 'staff-exit';
  const keySalt = hash('sha256', staffKeySaltText(SALT), 'hex').slice(0, SALT.length);
  const key = stretched(code, keySalt);
  return {
    ticket: { salt: SALT, hash: stretched(code, SALT), iterations: ITERATIONS },
    code,
    hashed: exitCodeText(code),
    keySalt,
    key,
    act,
    proof: hash('sha256', staffProofText(key, EXAMPLE.attemptId, act), 'hex'),
  };
};

/** A kiosk's first seconds, byte for byte: what it hashes, what it sends, what comes back. */
export const protocolExample = () => {
  const entries = chain([
    [
      'attempt-opened',
      0,
      {
        deviceId: EXAMPLE.deviceId,
        sessionId: EXAMPLE.sessionId,
        publicKey: EXAMPLE_PUBLIC_KEY,
        host: { kind: 'web', version: '1', build: null },
        coverage: { 'forbidden-app': { level: 'not-watched', reason: 'not-built' } },
        policy: DEFAULT_POLICY as unknown as JsonObject,
        identity: { ...BY_HAND },
      },
    ],
    [
      'observation',
      1_500,
      {
        kind: 'outside-input',
        phase: 'happened',
        t: 1_480,
        facts: { key: 'ñ', repeat: false, held: 0.5 },
      },
    ],
    ['checkpoint', 60_000, {}],
  ]);
  const last = entries.at(-1)?.entry;
  const hello: KioskToServer = {
    type: 'hello',
    protocol: PROTOCOL,
    token: EXAMPLE.token,
    attemptId: EXAMPLE.attemptId as LedgerEntry['attemptId'],
  };
  const sent: KioskToServer = { type: 'entries', entries: entries.map(({ entry }) => entry) };
  const ack: ServerToKiosk = { type: 'ack', seq: last?.seq ?? 0, hash: last?.hash ?? GENESIS };
  return {
    note: 'The private key is the seed 000102…1f: for trying out only.',
    seed: SEED.toString('hex'),
    publicKey: EXAMPLE_PUBLIC_KEY,
    staffExit: staffExitExample(),
    hashed: entries.map(({ canonical, entry }) => ({
      canonical,
      hash: entry.hash,
      signature: entry.signature ?? null,
    })),
    socket: [
      { from: 'kiosk', text: JSON.stringify(hello) },
      {
        from: 'server',
        text: JSON.stringify({
          type: 'welcome',
          protocol: PROTOCOL,
          serverTime: START,
          lastSeq: 0,
          lastHash: GENESIS,
        } satisfies ServerToKiosk),
      },
      { from: 'kiosk', text: JSON.stringify(sent) },
      { from: 'server', text: JSON.stringify(ack) },
    ],
  };
};
