import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { VERSION_META } from '#renderer/service-worker/page-messages.ts';
import { applyEntry } from '#shared/attempt/apply-entry.ts';
import { EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import { type ServerProcess, startServerProcess } from '#test/fault/server-process.ts';
import { type Cable, layCable } from '#test/support/exam/cable.ts';
import { words } from '#test/support/exam/kiosk-words.ts';
import { layRoomData } from '#test/support/exam/room-data.ts';
import { ServerRecord } from '#test/support/exam/server-record.ts';
import { takeWebSeat, type WebSeat } from '#test/support/exam/web-seat.ts';
import { type ExamRoom, openExamRoom } from '#test/support/exam-room.ts';
import { see } from '#test/support/see.ts';

/** The machine may be busy with something else. */
const PATIENCE_MS = 45_000;
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: PATIENCE_MS, interval: 200 });

let room: ExamRoom;
let seat: WebSeat;
let server: ServerProcess;
let cable: Cable;
let record: ServerRecord;
let data: string;
let pages: string;
let codes: string[];
let people: { document: string; accessCode: string }[];

const startServer = async (): Promise<void> => {
  const port = server === undefined ? '0' : new URL(server.url).port;
  server = await startServerProcess(data, ['--pages', pages, '--port', port]);
};

beforeAll(async () => {
  room = await openExamRoom();
  data = room.newFolder('own-data');
  pages = room.newFolder('own-pages');
  cpSync(room.build.pages, pages, { recursive: true });
  const credentials = await layRoomData(data, { examinees: 10, enrolmentCodes: 5 });
  await startServer();
  codes = [...credentials.enrolmentCodes];
  people = [...credentials.examinees];
  cable = await layCable(server.url);
  record = await ServerRecord.signIn(server.url, credentials);
  seat = await takeWebSeat({ ...room, cable });
  await seat.open(`#enrol=${codes.shift()}`);
});
afterAll(async () => {
  await seat?.close();
  await cable?.close();
  await server?.stop();
  await room?.close();
});

const person = () => {
  const one = people.shift();
  if (one === undefined) throw new Error('nobody is left');
  return one;
};
const state = async () => (await seat.ledger()).reduce(applyEntry, EMPTY_ATTEMPT);
const pageVersion = () =>
  seat.page.evaluate(
    (name) => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? null,
    VERSION_META,
  );
const keptVersions = () =>
  seat.page.evaluate(async () =>
    (await caches.keys()).filter((name) => name.startsWith('atalaya-kiosk-')),
  );
/** The worker of the page's version is in charge and has every file. */
const ready = async () => {
  await eventually(() =>
    seat.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      return registration?.active?.state === 'activated' && registration.installing === null;
    }),
  ).toBe(true);
};
/** Puts another version of the pages on the server, as an update does. */
const deploy = (version: string): void => {
  for (const file of ['sw.js', 'kiosk/index.html']) {
    const text = readFileSync(join(pages, file), 'utf8');
    const old = /(?<=version:"|atalaya-pages" content=")[0-9a-f]{16}/.exec(text)?.[0];
    if (old === undefined) throw new Error(`${file} names no version`);
    writeFileSync(join(pages, file), text.replaceAll(old, version));
  }
};
const lookForUpdate = () =>
  seat.page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));

describe('a computer that restarts without a network', () => {
  test('everything that the page needs is kept, and nothing else', async () => {
    await ready();
    expect(await keptVersions()).toEqual([`atalaya-kiosk-${await pageVersion()}`]);
    const kept = await seat.page.evaluate(async () => {
      const [name = ''] = (await caches.keys()).filter((one) => one.startsWith('atalaya-kiosk-'));
      const cache = await caches.open(name);
      const answers = await Promise.all((await cache.keys()).map((key) => cache.match(key)));
      return {
        paths: (await cache.keys()).map(({ url }) => new URL(url).pathname),
        policies: [
          ...new Set(answers.map((answer) => answer?.headers.get('content-security-policy') ?? '')),
        ],
      };
    });
    expect(kept.paths).toEqual(
      expect.arrayContaining([
        '/kiosk/index.html',
        '/vision/face-full-range.tflite',
        '/vision/vision_wasm_module_internal.wasm',
        '/vision/sizes.json',
        '/vision/face_recognition_model-weights_manifest.json',
        '/vision/face_recognition_model.bin',
        '/vision/tfjs-backend-wasm-simd.wasm',
        expect.stringMatching(/^\/assets\/face-net-.*\.js$/),
      ]),
    );
    expect(kept.paths.filter((path) => /dashboard|install|\/api\/|\.br$/.test(path))).toEqual([]);
    expect(kept.policies).toHaveLength(1);
    expect(kept.policies[0]).toContain("worker-src 'self'");
  });

  test('goes on with its exam while the server is dead, and all arrives once it is back', async () => {
    await seat.examinee.signIn(person());
    await seat.examinee.goToExam();
    await seat.examinee.answer(2);
    const before = await state();
    const endsAt = await seat.examinee.endsAt();
    await server.kill();

    await seat.kill();
    await seat.start();
    await seat.open();
    await seat.examinee.inExam();
    expect((await state()).answers).toEqual(before.answers);
    expect(Math.abs((await seat.examinee.endsAt()) - endsAt)).toBeLessThan(5_000);
    await see(seat.examinee.option(2)).toBeChecked();
    await seat.examinee.goTo(4);
    await seat.examinee.answer(3, ['later']);
    // The camera's models came without a network too: a face is seen, so nothing about the camera is stated.
    const since = (await seat.ledger()).length;
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    const stated = async (phase: string) =>
      (await seat.ledger())
        .slice(since)
        .filter(({ type, data: facts }) => type === 'observation' && facts.phase === phase)
        .map(({ data: facts }) => facts.kind);
    // Seven frames again and again: a machine that is busy may look at the same one three times running, or stand still.
    const ofBusyMachine = ['connectivity-lost', 'camera-frozen', 'device-failure'];
    expect((await stated('began')).filter((kind) => !ofBusyMachine.includes(`${kind}`))).toEqual(
      [],
    );
    // A model that is missing is a failure that does not end.
    const failures = async (phase: string) =>
      (await stated(phase)).filter((kind) => kind === 'device-failure').length;
    await eventually(
      async () => (await failures('began')) - (await failures('ended')),
    ).toBeLessThanOrEqual(0);

    await startServer();
    await seat.examinee.finish();
    const hash = await seat.examinee.receipt();
    const ledger = await seat.ledger();
    expect(ledger.at(-1)?.hash).toBe(hash);
    const id = ledger[0]?.attemptId ?? '';
    await eventually(async () => (await record.bundle(id)).entries).toEqual(ledger);
    await eventually(async () => (await record.report(id)).firstBroken).toBeNull();
    expect((await state()).copyAttempts).toBe(0);
    await seat.examinee.signOut();
  });

  test('the dashboard and the interface of the server are not kept', async () => {
    const other = await seat.newPage();
    cable.cut();
    const outcome = await other.goto(`${cable.origin}/dashboard/`).then(
      () => 'shown',
      () => 'refused',
    );
    cable.mend();
    await other.close();
    await seat.page.bringToFront();
    expect(outcome).toBe('refused');
  });
});

describe('a newer version', () => {
  const [second, third] = ['2'.repeat(16), '3'.repeat(16)];
  beforeEach(ready);

  test('waits while something is typed, and comes by itself at the empty sign-in screen', async () => {
    const field = seat.page.getByLabel(words.signIn.document);
    await field.fill('09');
    deploy(second);
    await lookForUpdate();
    await eventually(() =>
      seat.page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null),
    ).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect(await pageVersion()).not.toBe(second);
    await field.fill('');
    await eventually(() => pageVersion().catch(() => null)).toBe(second);
    await eventually(keptVersions).toEqual([`atalaya-kiosk-${second}`]);
  });

  test('does not come during an attempt, not even over a restart; after it, it does', async () => {
    await seat.examinee.signIn(person());
    await seat.examinee.goToExam();
    deploy(third);
    await lookForUpdate();
    await eventually(keptVersions).toHaveLength(2);
    await seat.page.reload();
    await seat.examinee.inExam();
    expect(await pageVersion()).toBe(second);
    // With its last page gone the browser lets the newer worker in; the page stays the old one.
    await seat.kill();
    await seat.start();
    await seat.open();
    await seat.examinee.inExam();
    expect(await pageVersion()).toBe(second);
    expect(await keptVersions()).toContain(`atalaya-kiosk-${second}`);

    await seat.examinee.finish();
    await seat.examinee.receipt();
    await seat.examinee.signOut();
    await seat.page.reload();
    await eventually(() => pageVersion().catch(() => null)).toBe(third);
    await eventually(keptVersions).toEqual([`atalaya-kiosk-${third}`]);
  });
});
