import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { type Composed, compose } from '#server/compose.ts';
import { createDemo, type DemoCredentials } from '#server/demo/demo.ts';
import { argon2Passwords } from '#server/people/argon2-passwords.ts';

/** A composed server in a temporary folder, with a room as large as the measurement needs. */
export interface BenchServer extends Composed {
  readonly credentials: DemoCredentials;
  readonly folder: string;
  dispose(): Promise<void>;
}

/** No room is larger than a seat map may be. */
const ROOM = 500;

const roomsFor = (kiosks: number): Composed['demo']['university']['rooms'] =>
  Array.from({ length: Math.ceil(kiosks / ROOM) }, (_, i) => ({
    name: `Aula ${i + 1}`,
    rows: 20,
    columns: Math.ceil(Math.min(kiosks, ROOM) / 20) + 1,
    aisle: 0,
  }));

export const benchServer = async (kiosks: number): Promise<BenchServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'atalaya-bench-'));
  const composed = await compose({
    dataFolder: folder,
    pagesFolder: null,
    logger: pino({ level: 'silent' }),
    // The cost of passwords is not what is measured here.
    passwords: argon2Passwords({ memoryCost: 64, timeCost: 1, parallelism: 1 }),
  });
  const credentials = await createDemo(
    {
      ...composed.demo,
      university: {
        ...composed.demo.university,
        rooms: roomsFor(kiosks),
        staff: composed.demo.university.staff.filter(({ role }) => role === 'coordinator'),
      },
    },
    { examinees: kiosks, shifts: [Date.now() - 60_000] },
  );
  if (credentials === null) throw new Error('the folder was not empty');
  return {
    ...composed,
    credentials,
    folder,
    dispose: async () => {
      await composed.database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** A device key: private part and raw public part, base64url. */
export const benchKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { privateKey, publicKey: publicKey.export({ format: 'jwk' }).x ?? '' };
};
