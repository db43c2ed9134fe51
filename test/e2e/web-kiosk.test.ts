import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { applyEntry } from '#shared/attempt/apply-entry.ts';
import { EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { problems, words } from '#test/support/exam/kiosk-words.ts';
import { NEXT_ACT_MS } from '#test/support/exam/room-data.ts';
import { takeWebSeat, type WebSeat } from '#test/support/exam/web-seat.ts';
import { type ExamRoom, openExamRoom } from '#test/support/exam-room.ts';
import { see } from '#test/support/see.ts';

/** The machine may be busy with something else. */
const PATIENCE_MS = 30_000;
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: PATIENCE_MS, interval: 100 });

let room: ExamRoom;
let seat: WebSeat;

beforeAll(async () => {
  room = await openExamRoom();
  seat = await takeWebSeat(room);
});
afterAll(async () => {
  await seat?.close();
  await room?.close();
});
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  mkdirSync('test-results', { recursive: true });
  const path = `test-results/${task.name.replaceAll(/\W+/g, '-')}`;
  const shot = { path: `${path}.png`, timeout: 3_000 };
  await seat?.page.screenshot(shot).catch(() => undefined);
  const ledger = await seat?.ledger().catch(() => []);
  writeFileSync(`${path}.json`, JSON.stringify(ledger, null, 1));
});

const stateOf = (entries: readonly LedgerEntry[]) => entries.reduce(applyEntry, EMPTY_ATTEMPT);
const state = async () => stateOf(await seat.ledger());
const attemptId = async (): Promise<string> => (await seat.ledger())[0]?.attemptId ?? '';
const count = async (type: string): Promise<number> =>
  (await seat.ledger()).filter((one) => one.type === type).length;
const stated = async (): Promise<string[]> =>
  (await seat.ledger())
    .filter(({ type }) => type === 'observation')
    .map(({ data }) => {
      const facts = (data.facts ?? {}) as Record<string, unknown>;
      return [data.kind, facts.shortcut ?? facts.action ?? data.phase].join(' ');
    });

/** An act is over, and what comes next is another one. */
const nextAct = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, NEXT_ACT_MS));

const expectOnServer = async (): Promise<void> => {
  const id = await attemptId();
  const ledger = await seat.ledger();
  await eventually(async () => (await room.record.bundle(id)).entries.length).toBe(ledger.length);
  expect((await room.record.bundle(id)).entries).toEqual(ledger);
  await eventually(async () => (await room.record.report(id)).firstBroken).toBeNull();
};

/** Another seat for one test. */
const otherSeat = async (options: Parameters<typeof takeWebSeat>[1]): Promise<WebSeat> => {
  const other = await takeWebSeat(room, options);
  onTestFinished(() => other.close());
  return other;
};

describe('from the door to the receipt', () => {
  test('an unknown code and a wrong password are told in words', async () => {
    await seat.open('#enrol=NOPE-NOPE');
    await seat.examinee.see(problems['unknown-code']);
    await seat.open(`#enrol=${room.nextCode()}`);
    const access = room.nextExaminee();
    await seat.examinee.tryToSignIn({ ...access, accessCode: 'otra-clave' });
    await seat.examinee.see(problems['wrong-credentials']);
    await seat.examinee.signIn(access);
  });

  test('the whole road, and nothing leaves the server', async () => {
    await seat.examinee.goToExam();
    await seat.examinee.answer(2);
    await seat.page.keyboard.press('ArrowRight');
    // A key that comes before the next question is there belongs to this one.
    await eventually(() => seat.examinee.question()).toBe(2);
    await seat.examinee.answer(4, ['server']);
    await seat.examinee.finish();
    const hash = await seat.examinee.receipt();
    expect((await seat.ledger()).at(-1)?.hash).toBe(hash);
    expect(await state()).toMatchObject({ phase: 'closed', closedBy: 'examinee' });
    expect(Object.values((await state()).answers)).toHaveLength(2);
    await expectOnServer();
    await seat.examinee.signOut();
    expect(seat.leaving).toEqual([]);
  });
});

describe('an exam in a browser', () => {
  test('copying, pasting, dragging and printing keys are stopped and on record', async () => {
    await seat.examinee.signIn(room.nextExaminee());
    await seat.examinee.goToExam();
    await seat.examinee.answer(3);
    // The keys reach the page under a notice too; the mouse does not, so it comes first.
    await dropText(seat, 'texto de otro lado');
    await seat.page.keyboard.press('Control+c');
    await seat.page.keyboard.press('Control+v');
    await seat.page.keyboard.press('Control+p');
    await eventually(stated).toEqual(
      expect.arrayContaining([
        'clipboard copy',
        'clipboard paste',
        'clipboard drop',
        'print ctrl+p',
      ]),
    );
    // One movement of the hand counts once.
    await seat.examinee.seeNotice(1);
    await seat.examinee.acknowledge();
    expect((await state()).copyAttempts).toBe(1);
    expect(await seat.page.getByText('texto de otro lado').count()).toBe(0);
  });

  test('the keys for larger and smaller text are no facts', async () => {
    const [before, visits] = [await stated(), await count('question-visited')];
    const size = () =>
      seat.page.evaluate(() => document.documentElement.style.getPropertyValue('--text-size'));
    for (const [keys, shown] of [
      ['Control++', '1.25'],
      ['Control+=', '1.5'],
      ['Control+-', '1.25'],
      ['Control+NumpadAdd', '1.5'],
      ['Control+NumpadSubtract', '1.25'],
      ['Control+0', '1'],
    ] as const) {
      await seat.page.keyboard.press(keys);
      await eventually(size).toBe(shown);
    }
    // In a field of answers too.
    await seat.examinee.option(1).focus();
    await seat.page.keyboard.press('Control++');
    await seat.page.keyboard.press('Control+0');
    // What came before is on record once this is.
    await seat.examinee.goTo(3);
    await eventually(() => count('question-visited')).toBeGreaterThan(visits);
    expect((await stated()).slice(before.length)).toEqual([]);
    expect((await state()).copyAttempts).toBe(1);
  });

  test('a reload goes on where it was', async () => {
    // Otherwise a fault of the restart could pass for a part of the last act.
    await nextAct();
    await seat.examinee.goTo(5);
    await seat.examinee.answer(1);
    const before = await state();
    const endsAt = await seat.examinee.endsAt();
    await seat.page.reload();
    await seat.examinee.inExam();
    expect(await seat.examinee.question()).toBe(5);
    await see(seat.examinee.option(1)).toBeChecked();
    await eventually(() => count('host-restarted')).toBe(1);
    expect((await state()).answers).toEqual(before.answers);
    expect((await state()).copyAttempts).toBe(1);
    expect(Math.abs((await seat.examinee.endsAt()) - endsAt)).toBeLessThan(3_000);
  });

  test('after kill -9 of the browser it goes on where it was', async () => {
    await seat.examinee.goTo(6);
    await seat.examinee.answer(2);
    const before = await state();
    const endsAt = await seat.examinee.endsAt();
    await seat.kill();
    await seat.start();
    await seat.open();
    await seat.examinee.inExam();
    expect(await seat.examinee.question()).toBe(6);
    await see(seat.examinee.option(2)).toBeChecked();
    await eventually(() => count('host-restarted')).toBe(2);
    expect(await state()).toMatchObject({ answers: before.answers, copyAttempts: 1 });
    expect(Math.abs((await seat.examinee.endsAt()) - endsAt)).toBeLessThan(3_000);
  });

  test('a second tab is a lost focus, opens no second engine, and takes over when the first goes', async () => {
    await nextAct();
    const first = seat.page;
    const second = await seat.newPage();
    await second.goto(`${room.cable.origin}/kiosk/`);
    await see(second.getByText(problems['already-open-elsewhere'])).toBeVisible({
      timeout: PATIENCE_MS,
    });
    await eventually(async () => (await state()).copyAttempts).toBe(2);
    expect((await state()).incidents.at(-1)).toMatchObject({ kind: 'focus-lost', counted: true });
    expect(await count('host-restarted')).toBe(2);
    await first.close();
    seat.moveTo(second);
    await eventually(() => count('host-restarted')).toBe(3);
    await seat.examinee.seeNotice(2);
    await seat.examinee.acknowledge();
    expect(await seat.examinee.question()).toBe(6);
    expect((await state()).copyAttempts).toBe(2);
  });

  test('with the cable out it answers and closes at the third, and all arrives once it is back', async () => {
    await nextAct();
    room.cable.cut();
    await seat.examinee.answer(3, ['later']);
    room.camera.scene('two-people');
    await seat.examinee.see(words.closed['copy-attempts'].title);
    room.camera.scene('person');
    const offline = await seat.ledger();
    expect(stateOf(offline)).toMatchObject({ closedBy: 'copy-attempts', copyAttempts: 3 });
    room.cable.mend();
    expect(await seat.examinee.receipt()).toBe((await seat.ledger()).at(-1)?.hash);
    expect((await seat.ledger()).slice(0, offline.length)).toEqual(offline);
    await expectOnServer();
    const { tile } = await room.record.detail(await attemptId());
    expect(tile).toMatchObject({ phase: 'closed', closedBy: 'copy-attempts', chain: 'ok' });
    expect(seat.leaving).toEqual([]);
  });
});

describe('a computer that is not ready', () => {
  test('a refused camera is told with what to do', async () => {
    const other = await otherSeat({ camera: 'denied' });
    await other.open(`#enrol=${room.nextCode()}`);
    await other.examinee.signIn(room.nextExaminee());
    await other.examinee.see(words.device.lines.camera.wrong.denied);
    await other.examinee.see(words.device.lines.camera.mend.denied);
    expect(await other.examinee.button(words.device.continue).isDisabled()).toBe(true);
  });

  // What is left of the time is counted by the engine: test/kiosk/time.test.ts.
  test('a clock that is off by an hour is told, and the record has the server’s', async () => {
    const other = await otherSeat({});
    await other.context.addInitScript(() => {
      const now = Date.now;
      const OFF_MS = 3_600_000;
      const Real = Date;
      class Off extends Real {
        constructor(...given: ConstructorParameters<DateConstructor> | []) {
          super(...((given.length === 0 ? [now() + OFF_MS] : given) as [number]));
        }
        static override now(): number {
          return now() + OFF_MS;
        }
      }
      globalThis.Date = Off as DateConstructor;
    });
    await other.open(`#enrol=${room.nextCode()}`);
    await other.examinee.signIn(room.nextExaminee());
    await other.examinee.see(words.device.lines.clock.wrong.any);
    const [opened] = await other.ledger();
    expect(Math.abs((opened?.wall ?? 0) - Date.now())).toBeLessThan(5 * 60_000);
  });
});

/** Drops a text from outside onto the question, as the browser itself does it. */
const dropText = async ({ context, page }: WebSeat, text: string): Promise<void> => {
  const session = await context.newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', {
      type,
      x: 400,
      y: 300,
      data: { items: [{ mimeType: 'text/plain', data: text }], dragOperationsMask: 1 },
    });
  }
  await session.detach();
};
