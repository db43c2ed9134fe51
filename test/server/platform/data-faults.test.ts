import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DATABASE_FILE } from '#server/compose.ts';
import { lockFolder } from '#server/platform/sql/folder-lock.ts';
import { openDatabase } from '#server/platform/sql/sqlite.ts';
import { storageProbe } from '#server/platform/sql/storage-probe.ts';
import { StartRefusedError } from '#server/platform/start-refused.ts';
import { isStorageFault } from '#server/platform/storage-fault.ts';
import { storageState } from '#server/platform/storage-state.ts';
import { StorageLostError } from '#server/platform/unit-of-work.ts';
import { stillFiles } from '#server/record/still-files.ts';
import { enrol, startServer } from '#test/server/harness.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atalaya-faults-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a database file that cannot be worked with', () => {
  /** One with pages enough that some lie in the middle. */
  const made = async (): Promise<string> => {
    const file = join(folder, DATABASE_FILE);
    const { sqlite, close } = await openDatabase(file);
    const add = sqlite.prepare("INSERT INTO examinees VALUES (?, ?, ?, 'x')");
    sqlite.transaction(() => {
      for (let n = 0; n < 5_000; n += 1) add.run(`id-${n}`, 'Nombre '.repeat(9), `doc-${n}`);
    })();
    sqlite.pragma('wal_checkpoint(TRUNCATE)');
    await close();
    return file;
  };
  const overwrite = (file: string, at: number, bytes: number): void => {
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(bytes, 0xa5), 0, bytes, at);
    closeSync(handle);
  };

  test.each<[string, string, (file: string) => void]>([
    ['empty', 'está vacía', (file) => writeFileSync(file, '')],
    [
      'no database at all',
      'está dañada o no es',
      (file) => writeFileSync(file, 'hola '.repeat(999)),
    ],
    ['damaged at its head', 'está dañada', (file) => overwrite(file, 0, 200)],
    [
      'damaged in the middle',
      'está dañada',
      (file) => overwrite(file, Math.floor(statSync(file).size / 2), 9_000),
    ],
    [
      'cut',
      'está dañada',
      (file) =>
        execFileSync('truncate', [
          '-s',
          String(Math.floor(statSync(file).size / 8_192) * 4_096),
          file,
        ]),
    ],
  ])('%s: a sentence and no start', async (_name, sentence, harm) => {
    const file = await made();
    harm(file);
    const opening = openDatabase(file);
    await expect(opening).rejects.toThrow(StartRefusedError);
    await expect(opening).rejects.toThrow(sentence);
    await expect(opening).rejects.toThrow(file);
  });

  test('a whole one opens', async () => {
    await (await openDatabase(await made())).close();
  });
});

test('two servers on one folder: the second is refused, until the first is gone', () => {
  const unlock = lockFolder(folder);
  // SQLite's locks are the process's: another one asks.
  const other = (): string =>
    execFileSync(process.execPath, [
      '--input-type=module',
      '-e',
      `import { lockFolder } from ${JSON.stringify(join(import.meta.dirname, '../../../server/platform/sql/folder-lock.ts'))};
       try { lockFolder(${JSON.stringify(folder)})(); console.log('free'); } catch (e) { console.log(e.name, e.message); }`,
    ]).toString();
  expect(other()).toContain(`StartRefusedError Un servidor trabaja con ${folder}`);
  unlock();
  expect(other()).toBe('free\n');
});

test.each<[string, unknown, boolean]>([
  ['a full disk', Object.assign(new Error('x'), { code: 'ENOSPC' }), true],
  ['SQLite on it', Object.assign(new Error('x'), { code: 'SQLITE_FULL' }), true],
  ['a sick one', Object.assign(new Error('x'), { code: 'SQLITE_IOERR_WRITE' }), true],
  ['a cause', new Error('y', { cause: Object.assign(new Error('x'), { code: 'EDQUOT' }) }), true],
  ['a database that went away', new StorageLostError('x'), true],
  ['a wrong key', Object.assign(new Error('x'), { code: 'SQLITE_CONSTRAINT_UNIQUE' }), false],
  ['a missing file', Object.assign(new Error('x'), { code: 'ENOENT' }), false],
  ['nothing', undefined, false],
])('%s is the storage’s fault: %s', (_name, failure, is) => {
  expect(isStorageFault(failure)).toBe(is);
});

/** Only who may mount can have a disk that is really full. */
const canMount = (() => {
  const at = mkdtempSync(join(tmpdir(), 'atalaya-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', at], { stdio: 'ignore' });
    execFileSync('umount', [at]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
})();

describe.skipIf(!canMount)('a full disk', () => {
  let disk: string;
  beforeEach(() => {
    disk = join(folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=700', 'tmpfs', disk]);
  });
  afterEach(() => {
    execFileSync('umount', ['-l', disk]);
  });
  const fill = (): void => {
    const handle = openSync(join(disk, 'filler'), 'w');
    try {
      for (const size of [1_048_576, 4_096, 1]) {
        try {
          for (;;) writeSync(handle, Buffer.alloc(size));
        } catch {
          // No more of this size fits.
        }
      }
    } finally {
      closeSync(handle);
    }
  };

  test('is storage-failed on every route that keeps something, known by itself, and over by itself', async () => {
    const template = await startServer({ examinees: 2 });
    await template.app.close();
    execFileSync('cp', ['-a', `${template.folder}/.`, disk]);
    const lines: string[] = [];
    const server = await startServer({ folder: disk, credentials: template.credentials });
    const state = storageState({
      probe: server.deps.probe,
      log: (level, message) => lines.push(`${level} ${message}`),
    });
    const signIn = () => {
      const [person] = server.credentials.staff;
      const payload = { user: person?.user, password: person?.password };
      return server.app.inject({ method: 'POST', url: '/api/staff/sign-in', payload });
    };
    try {
      await enrol(server);
      await state.check();
      expect(state.failed()).toBe(false);
      fill();
      await state.check();
      expect(state.failed()).toBe(true);
      const answer = await signIn();
      expect([answer.statusCode, answer.json().problem.code]).toEqual([503, 'storage-failed']);
      expect(answer.headers['retry-after']).toBeDefined();
      const code = server.credentials.enrolmentCodes[1];
      const enrolling = await server.app.inject({
        method: 'POST',
        url: '/api/devices/enrol',
        payload: { code, name: 'PC-2', publicKey: 'A'.repeat(43) },
      });
      expect(enrolling.statusCode).toBe(503);
      rmSync(join(disk, 'filler'));
      await state.check();
      expect(state.failed()).toBe(false);
      expect((await signIn()).statusCode).toBe(200);
      expect(lines).toEqual(['error the storage failed', 'info the storage works again']);
    } finally {
      await server.close().catch(() => undefined);
      await template.close().catch(() => undefined);
    }
  });
});

test('health says that nothing can be kept, and that it can again', async () => {
  let broken = false;
  const probe = () => (broken ? Promise.reject(new Error('full')) : Promise.resolve());
  const server = await startServer({ deps: { probe, probeMs: 20 } });
  const health = async () =>
    (await server.app.inject({ method: 'GET', url: '/api/health' })).statusCode;
  try {
    expect(await health()).toBe(200);
    broken = true;
    await expect.poll(health).toBe(503);
    broken = false;
    await expect.poll(health).toBe(200);
  } finally {
    await server.close();
  }
});

test('the probe leaves nothing behind', async () => {
  const { db, close } = await openDatabase(':memory:');
  await storageProbe(db, folder)();
  await storageProbe(db, folder)();
  expect(statSync(folder).isDirectory()).toBe(true);
  await expect(storageProbe(db, join(folder, 'nowhere'))()).rejects.toThrow('ENOENT');
  await close();
});

test('pictures that never came to an end are deleted, those that still come are not', async () => {
  const place = join(folder, 'ab');
  mkdirSync(place);
  const part = (name: string, ageMs: number): string => {
    const file = join(place, name);
    writeFileSync(file, 'x');
    const at = (Date.now() - ageMs) / 1_000;
    utimesSync(file, at, at);
    return file;
  };
  const old = part('.0b2c7a3e-1111-4222-8333-444455556666.part', 7_200_000);
  const young = part('.0b2c7a3e-1111-4222-8333-444455556667.part', 1_000);
  const whole = part(`${'ab'.repeat(32)}.jpg`, 7_200_000);
  const stills = stillFiles(folder);
  expect(await stills.sweepUnfinished(3_600_000)).toBe(1);
  expect(await stills.sweepUnfinished(3_600_000)).toBe(0);
  expect(() => statSync(old)).toThrow('ENOENT');
  expect([statSync(young).size, statSync(whole).size]).toEqual([1, 1]);
  expect(await stillFiles(join(folder, 'none')).sweepUnfinished(0)).toBe(0);
});
