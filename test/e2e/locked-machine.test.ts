import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyEntry, EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import { words } from '#test/support/exam/kiosk-words.ts';
import {
  type DesktopSeat,
  type ExamRoom,
  openExamRoom,
  takeDesktopSeat,
} from '#test/support/exam-room.ts';

/** The machine may be busy with something else. */
const PATIENCE_MS = 40_000;
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: PATIENCE_MS, interval: 100 });
/** An act is over, and what comes next is another one (`episodeGapMs` of the default policy). */
const nextAct = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 6_000));

let room: ExamRoom;
let seat: DesktopSeat;
const started: ChildProcess[] = [];
beforeAll(async () => {
  room = await openExamRoom();
  seat = await takeDesktopSeat(room);
});
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await seat?.close();
  await room?.close();
});

const state = () => seat.ledger().reduce(applyEntry, EMPTY_ATTEMPT);
const attemptId = (): string => seat.ledger()[0]?.attemptId ?? '';
const last = (kind: IncidentKind) => state().incidents.findLast((one) => one.kind === kind);
const over = (kind: IncidentKind) => eventually(() => last(kind)?.endedT).toBeTypeOf('number');

/** Starts a program on the examinee's desktop. */
const start = (program: string, ...args: readonly string[]): ChildProcess => {
  const child = spawn(program, args, {
    env: { ...process.env, ...seat.desktop.env },
    stdio: 'ignore',
  });
  started.push(child);
  return child;
};

/** The proctor takes the last copy attempt back, so that the exam goes on. */
const dismiss = async (kind: IncidentKind): Promise<void> => {
  const incident = state().incidents.findLast(
    (one) => one.kind === kind && one.copyAttempt !== null,
  );
  if (incident === undefined) throw new Error(`${kind} opened no copy attempt`);
  await seat.examinee.acknowledge();
  await room.record.command(attemptId(), {
    type: 'dismiss',
    incidentId: incident.id,
    reason: 'Simulacro',
  });
  await eventually(() => state().copyAttempts).toBe(0);
};

/** What of the ledger tells the story: incidents, copy attempts, restarts and the end, in order. */
const story = (): readonly string[] =>
  seat.ledger().flatMap(({ type, data }) => {
    if (type === 'incident-opened') {
      const { kind, counted } = data.incident as { kind: string; counted: boolean };
      return [`${kind}${counted ? ' counted' : ''}`];
    }
    if (type === 'copy-attempt') return [`copy attempt ${data.number}`];
    if (type === 'host-restarted') return ['restarted'];
    return type === 'attempt-closed' ? [`closed by ${data.by}`] : [];
  });

test('the ledger tells what was done to the machine, and nothing else', {
  timeout: 300_000,
}, async () => {
  const { desktop, examinee } = seat;
  await examinee.signIn(room.nextExaminee());
  await examinee.goToExam();
  await examinee.answer(1, ['server']);

  // Ways out that change nothing: people look at them, they do not count.
  await desktop.key('F12', 'ctrl+t', 'ctrl+w', 'ctrl+shift+i', 'F11', 'ctrl+r');
  await over('outside-input');
  expect(state().copyAttempts).toBe(0);
  await nextAct();

  await desktop.key('Print');
  await examinee.seeNotice(1);
  await over('screenshot');
  await dismiss('screenshot');
  await nextAct();

  await desktop.key('ctrl+p');
  await examinee.seeNotice(1);
  await over('print');
  await dismiss('print');
  await nextAct();

  await desktop.attachDisplay();
  await examinee.seeNotice(1);
  await desktop.detachDisplay();
  await over('extra-display');
  await dismiss('extra-display');
  await nextAct();

  // A forbidden program under its own name, without a window.
  const recorder = join(room.newFolder('programs'), 'obs');
  copyFileSync('/bin/sleep', recorder);
  const recording = start(recorder, '600');
  await examinee.seeNotice(1);
  expect(last('forbidden-app')?.facts).toMatchObject({ program: 'OBS Studio' });
  recording.kill('SIGKILL');
  await over('forbidden-app');
  await dismiss('forbidden-app');
  await nextAct();

  // A window over the exam that takes no focus: no blur ever comes.
  const notes = join(room.newFolder('programs'), 'notas');
  copyFileSync('/usr/bin/xmessage', notes);
  const overlay = start(
    notes,
    '-xrm',
    '*overrideRedirect: true',
    '-geometry',
    '500x200+200+200',
    'Respuestas',
  );
  await eventually(() => last('forbidden-app')?.facts.overlay).toBe(true);
  await examinee.seeNotice(1);
  overlay.kill('SIGKILL');
  await over('forbidden-app');
  await dismiss('forbidden-app');
  await nextAct();

  await seat.kill();
  await seat.start();
  await seat.examinee.inExam();
  await eventually(() => story().at(-1)).toBe('restarted');
  await nextAct();

  for (const number of [1, 2, 3]) {
    const thief = await desktop.steal();
    await eventually(() => state().copyAttempts).toBe(number);
    await thief.release();
    if (number === 3) break;
    await seat.examinee.seeNotice(number);
    await over('focus-lost');
    await seat.examinee.acknowledge();
    await nextAct();
  }
  await seat.examinee.see(words.closed['copy-attempts'].title);

  const told = story();
  const without = (...left: readonly string[]) => told.filter((one) => !left.includes(one));
  // The thief's own window is seen beside the lost focus when it stays: the same act.
  expect(without('forbidden-app', 'outside-input')).toEqual([
    'screenshot counted',
    'copy attempt 1',
    'print counted',
    'copy attempt 1',
    'extra-display counted',
    'copy attempt 1',
    'forbidden-app counted',
    'copy attempt 1',
    'forbidden-app counted',
    'copy attempt 1',
    'restarted',
    'focus-lost counted',
    'copy attempt 1',
    'focus-lost counted',
    'copy attempt 2',
    'focus-lost counted',
    'copy attempt 3',
    'closed by copy-attempts',
  ]);
  await eventually(async () => (await room.record.bundle(attemptId())).entries.length).toBe(
    seat.ledger().length,
  );
  await eventually(async () => (await room.record.report(attemptId())).firstBroken).toBeNull();
});
