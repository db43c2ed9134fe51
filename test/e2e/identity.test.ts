import { join } from 'node:path';
import { expect as see } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLiveCamera, type LiveCamera } from '#test/support/camera-scene.ts';
import { captureFace, enrolFace } from '#test/support/exam/enrolled-faces.ts';
import type { ExamineeAccess } from '#test/support/exam/examinee.ts';
import { words } from '#test/support/exam/kiosk-words.ts';
import { takeWebSeat, type WebSeat } from '#test/support/exam/web-seat.ts';
import { type ExamRoom, openExamRoom } from '#test/support/exam-room.ts';
import { buildActScene } from '#tools/clip/acting/build-scene.ts';

/** The machine may be busy with something else. */
const PATIENCE_MS = 60_000;

/** By the person's own left and right; acts name the sides of the picture. */
type Scene = 'ana' | 'ana-left' | 'ana-right' | 'photograph' | 'bea' | 'bea-left' | 'bea-right';

let room: ExamRoom;
let camera: LiveCamera<Scene>;
let seat: WebSeat;
let examinee: ExamineeAccess;

beforeAll(async () => {
  room = await openExamRoom({ demo: { identityCheck: 'face', challenge: true } });
  const folder = room.newFolder('faces');
  const file = (scene: Scene): string => join(folder, `${scene}.y4m`);
  await buildActScene('sitting', 'p01', file('ana'));
  await buildActScene('turned-right', 'p01', file('ana-left'));
  await buildActScene('turned-left', 'p01', file('ana-right'));
  await buildActScene('photograph', 'p01', file('photograph'));
  await buildActScene('sitting', 'p02', file('bea'));
  await buildActScene('turned-right', 'p02', file('bea-left'));
  await buildActScene('turned-left', 'p02', file('bea-right'));
  camera = createLiveCamera(
    {
      ana: file('ana'),
      'ana-left': file('ana-left'),
      'ana-right': file('ana-right'),
      photograph: file('photograph'),
      bea: file('bea'),
      'bea-left': file('bea-left'),
      'bea-right': file('bea-right'),
    },
    'ana',
  );
  examinee = room.nextExaminee();
  await enrolFace(room.server.origin, examinee, await captureFace('p01'));
  seat = await takeWebSeat({ ...room, camera });
  await seat.open(`#enrol=${room.nextCode()}`);
});
afterAll(async () => {
  await seat?.close();
  camera?.dispose();
  await room?.close();
});

/** From the sign-in to the check of the face. */
const goToIdentity = (): Promise<void> =>
  seat.examinee.goToFramingEnd(seat.page.locator('[data-begin-identity]'));

/** What the screen asks for now; null when no check runs any more. */
const asked = async (): Promise<string | null> => {
  const guide = seat.page.locator('[data-guide]');
  return (await guide.count()) === 0 ? null : guide.first().getAttribute('data-guide');
};

/** Presses the button and does what the screen says, until there is an answer. */
const doCheck = async (show: Readonly<Record<'ahead' | 'left' | 'right', Scene>>) => {
  camera.scene(show.ahead);
  await seat.page.locator('[data-begin-identity]').click();
  await seat.page.locator('[data-guide]').waitFor({ timeout: PATIENCE_MS });
  let shown: Scene = show.ahead;
  for (let ask = await asked(); ask !== null; ask = await asked().catch(() => null)) {
    const wanted = ask === 'turn-left' ? show.left : ask === 'turn-right' ? show.right : show.ahead;
    if (wanted !== shown) camera.scene(wanted);
    shown = wanted;
    await new Promise((done) => setTimeout(done, 50));
  }
  camera.scene(show.ahead);
};
const ANA = { ahead: 'ana', left: 'ana-left', right: 'ana-right' } as const;
const BEA = { ahead: 'bea', left: 'bea-left', right: 'bea-right' } as const;
/** A photograph is held up whatever is asked. */
const PHOTOGRAPH = { ahead: 'photograph', left: 'photograph', right: 'photograph' } as const;

const attemptId = async (): Promise<string> => (await seat.ledger())[0]?.attemptId ?? '';
const identity = async () => (await room.record.detail(await attemptId())).identity;
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: PATIENCE_MS, interval: 250 });

// Somebody else who sits down later, by the median over minutes: test/e2e/demo-identity.test.ts.
describe('who sits there', () => {
  test('the right person turns as asked and goes on without anybody', async () => {
    await seat.examinee.signIn(examinee);
    await goToIdentity();
    await doCheck(ANA);
    await seat.examinee.inExam();
    await eventually(async () => (await identity()).status).toBe('verified');
    const found = await identity();
    expect(found.checks).toMatchObject([{ outcome: 'verified', challenge: 'passed' }]);
    expect(found.checks[0]?.distance).toBeLessThan(0.5);
    expect(found.decision).toBeNull();
    expect(found.enrolled).toMatchObject({ portrait: true });
    const ledger = await seat.ledger();
    expect(ledger.some(({ type }) => type === 'copy-attempt')).toBe(false);
    // The template is compared with and goes nowhere.
    expect(JSON.stringify(ledger)).not.toContain('descriptor');
    await seat.examinee.finish();
    await seat.examinee.receipt();
    await seat.examinee.signOut();
  });

  test('a photograph cannot turn; somebody else is not the enrolled one; a proctor decides, and nothing counts', async () => {
    const other = room.nextExaminee();
    await enrolFace(room.server.origin, other, await captureFace('p01'));
    camera.scene('photograph');
    await seat.examinee.signIn(other);
    await goToIdentity();
    await doCheck(PHOTOGRAPH);
    await eventually(async () => (await identity()).checks.map(({ outcome }) => outcome)).toEqual([
      'challenge-failed',
    ]);
    // Another try, and another person: alive, but not the one who was enrolled.
    await doCheck(BEA);
    await eventually(async () => (await identity()).checks.map(({ outcome }) => outcome)).toEqual([
      'challenge-failed',
      'no',
    ]);
    expect((await identity()).status).toBe('needs-person');
    expect((await seat.ledger()).some(({ type }) => type === 'exam-started')).toBe(false);

    // What the proctor's screen shows of both (test/renderer/dashboard): live stills, portrait and document, each there.
    const { checks } = await identity();
    const live = checks.flatMap(({ evidence }) => evidence.map(({ hash }) => `evidence/${hash}`));
    expect(live.length).toBeGreaterThan(0);
    // A JPEG begins so.
    for (const path of [...live, 'identity/portrait', 'identity/document'])
      expect((await room.record.picture(await attemptId(), path)).readUInt16BE()).toBe(0xffd8);

    // First refused, then thought better of: a decision can be decided anew.
    const decide = (decision: 'refused' | 'verified-in-person', reason: string) =>
      attemptId().then((id) =>
        room.record.command(id, { type: 'identity', decision, authorisedBy: null, reason }),
      );
    await decide('refused', 'No es la persona del documento');
    await seat.examinee.see(words.identity.refused.title);
    await decide('verified-in-person', 'Es la persona: revisé la cédula en sus manos');
    await seat.examinee.inExam();
    const found = await identity();
    expect(found.status).toBe('verified');
    expect(found.decision).toMatchObject({ decision: 'verified-in-person' });
    const ledger = await seat.ledger();
    expect(ledger.some(({ type }) => type === 'copy-attempt')).toBe(false);
    const report = await room.record.report(await attemptId());
    expect(report.firstBroken).toBeNull();
    await see(seat.page.locator('[data-saved]')).toBeVisible();
    await seat.examinee.finish();
    await seat.examinee.receipt();
    await seat.examinee.signOut();
  });
});
