import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEntry } from '#shared/attempt/apply-entry.ts';
import {
  type AttemptState,
  deadlineT,
  EMPTY_ATTEMPT,
  remainingMs,
} from '#shared/attempt/attempt-state.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { IncidentId } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { policyFor } from '#test/support/fake/policy-for.ts';
import { Recorder, SHIFT_END } from './recorder.ts';

const MINUTE = 60_000;
const fold = (entries: readonly LedgerEntry[]): AttemptState =>
  entries.reduce(applyEntry, EMPTY_ATTEMPT);

/** Three pastes, far enough apart to be three acts. */
const threeStrikes = (): Recorder => {
  const recorder = new Recorder().start();
  for (const minute of [10, 20, 30]) recorder.observe('clipboard', 'happened', minute * MINUTE);
  return recorder;
};

describe('stages', () => {
  it('goes from the device check to the exam', () => {
    const recorder = new Recorder();
    expect(recorder.state.phase).toBe('device-check');
    recorder.write('rules-accepted', 1, { rulesVersion: '1', locale: 'es' });
    expect(recorder.state.phase).toBe('device-check');
    recorder.write('device-checked', 2, { results: [] });
    expect(recorder.state.phase).toBe('rules');
    recorder.write('rules-accepted', 3, { rulesVersion: '1', locale: 'es' });
    expect(recorder.state.phase).toBe('framing');
    recorder.write('framing-confirmed', 4, { evidence: [] });
    expect(recorder.state.phase).toBe('waiting');
  });

  it('needs no framing without a camera', () => {
    const recorder = new Recorder({ policy: policyFor(new Set(['camera-exempt'])) });
    recorder.write('device-checked', 1, { results: [] });
    recorder.write('rules-accepted', 2, { rulesVersion: '1', locale: 'es' });
    expect(recorder.state.phase).toBe('waiting');
  });

  it('starts once', () => {
    const recorder = new Recorder().start(1_000);
    recorder.write('exam-started', 9_000, {
      durationMs: 1,
      shiftEndsT: 9_001,
      formHash: 'b'.repeat(64),
    });
    expect(recorder.state).toMatchObject({ startedT: 1_000, durationMs: 60 * MINUTE });
  });

  it('opens once: a second opening does not change the policy', () => {
    const recorder = new Recorder().start();
    const [opened] = recorder.entries;
    const lenient = { ...opened?.data, policy: { ...DEFAULT_POLICY, copyAttemptLimit: 9 } };
    const state = applyEntry(recorder.state, {
      ...recorder.entries.at(-1),
      type: 'attempt-opened',
      data: lenient,
    } as unknown as LedgerEntry);
    expect(state.policy?.copyAttemptLimit).toBe(3);
  });

  it('takes answers only while the exam runs', () => {
    const recorder = new Recorder().answer('q1', ['a'], 10).start();
    recorder.answer('q1', ['b'], 2_000);
    recorder.command({ type: 'pause', reason: 'revisión' }, 3_000).answer('q1', ['c'], 4_000);
    recorder.command({ type: 'resume', reason: 'sigue' }, 5_000).answer('q2', ['d'], 6_000);
    recorder.close('examinee', 7_000).answer('q2', ['a'], 8_000);
    expect(recorder.state.answers).toEqual({ q1: ['b'], q2: ['d'] });
  });
});

describe('time', () => {
  it.each<readonly [string, (r: Recorder) => Recorder, number, number]>([
    ['runs from the start', (r) => r, 11 * MINUTE, 50 * MINUTE],
    [
      'stands still in a pause',
      (r) => r.command({ type: 'pause', reason: 'revisión' }, 10 * MINUTE),
      15 * MINUTE,
      51 * MINUTE,
    ],
    [
      'goes on after it with what was left',
      (r) =>
        r
          .command({ type: 'pause', reason: 'revisión' }, 10 * MINUTE)
          .command({ type: 'resume', reason: 'sigue' }, 15 * MINUTE),
      16 * MINUTE,
      50 * MINUTE,
    ],
    [
      'never past the end of the shift',
      (r) =>
        r
          .command({ type: 'pause', reason: 'revisión' }, 10 * MINUTE)
          .command({ type: 'resume', reason: 'sigue' }, 70 * MINUTE),
      70 * MINUTE,
      SHIFT_END - 70 * MINUTE,
    ],
    ['is over when it is over', (r) => r, 70 * MINUTE, 0],
    [
      'a long pause does not reach past the shift either',
      (r) => r.command({ type: 'pause', reason: 'revisión' }, 10 * MINUTE),
      SHIFT_END,
      0,
    ],
  ])('%s', (_, change, t, left) => {
    const { state } = change(new Recorder().start(MINUTE));
    expect(remainingMs(state, t)).toBe(left);
  });

  it('is not known before the start', () => {
    expect(remainingMs(new Recorder().state, 5)).toBeNull();
    expect(deadlineT(new Recorder().state, 5)).toBeNull();
  });

  it('a second pause in a pause changes nothing', () => {
    const recorder = new Recorder().start(MINUTE);
    recorder.command({ type: 'pause', reason: 'revisión' }, 10 * MINUTE);
    recorder.command({ type: 'pause', reason: 'otra vez' }, 12 * MINUTE);
    recorder.command({ type: 'resume', reason: 'sigue' }, 15 * MINUTE);
    expect(remainingMs(recorder.state, 15 * MINUTE)).toBe(51 * MINUTE);
  });
});

describe('copy attempts', () => {
  it('three close the exam', () => {
    const { state } = threeStrikes();
    expect(state).toMatchObject({ phase: 'closed', closedBy: 'copy-attempts', copyAttempts: 3 });
    expect(state.incidents.map(({ copyAttempt }) => copyAttempt)).toEqual([1, 2, 3]);
  });

  it('closes once, whoever says so again', () => {
    const recorder = threeStrikes();
    recorder.write('attempt-closed', 40 * MINUTE, { by: 'time', remainingMs: 5 });
    expect(recorder.state).toMatchObject({ closedBy: 'copy-attempts', closedT: 30 * MINUTE });
  });

  it('a dismissed one does not count, and the next gets its number', () => {
    const recorder = new Recorder().start();
    recorder.observe('clipboard', 'happened', 10 * MINUTE);
    recorder.observe('clipboard', 'happened', 20 * MINUTE);
    recorder.dismiss(`clipboard-${10 * MINUTE}`, 21 * MINUTE);
    expect(recorder.state.copyAttempts).toBe(1);
    recorder.observe('clipboard', 'happened', 30 * MINUTE);
    expect(recorder.state).toMatchObject({ phase: 'in-progress', copyAttempts: 2 });
    recorder.observe('clipboard', 'happened', 40 * MINUTE);
    expect(recorder.state).toMatchObject({ phase: 'closed', copyAttempts: 3 });
  });

  it('dismissing any incident of an episode dismisses the whole act', () => {
    const recorder = new Recorder().start();
    recorder.observe('outside-input', 'happened', 10 * MINUTE);
    recorder.observe('focus-lost', 'began', 10 * MINUTE + 50).tick(10 * MINUTE + 5_000);
    expect(recorder.state.copyAttempts).toBe(1);
    recorder.dismiss(`outside-input-${10 * MINUTE}`, 11 * MINUTE);
    expect(recorder.state.copyAttempts).toBe(0);
    expect(recorder.state.incidents.every(({ dismissed }) => dismissed !== null)).toBe(true);
  });

  it('what joins a dismissed act later does not count either', () => {
    const recorder = new Recorder().start();
    recorder.observe('clipboard', 'happened', 10 * MINUTE);
    recorder.dismiss(`clipboard-${10 * MINUTE}`, 10 * MINUTE + 500);
    recorder.observe('print', 'happened', 10 * MINUTE + 2_000);
    expect(recorder.state.copyAttempts).toBe(0);
  });

  it('is not dismissed twice, and the first reason stays', () => {
    const recorder = new Recorder().start().observe('clipboard', 'happened', 10 * MINUTE);
    recorder.dismiss(`clipboard-${10 * MINUTE}`, 11 * MINUTE);
    const first = recorder.state.incidents[0]?.dismissed;
    recorder.dismiss(`clipboard-${10 * MINUTE}`, 12 * MINUTE);
    expect(recorder.state.incidents[0]?.dismissed).toEqual(first);
  });

  it('dismissing one that closed the exam gives back the time that was left', () => {
    const recorder = threeStrikes();
    const left = remainingMs(recorder.state, 30 * MINUTE);
    expect(remainingMs(recorder.state, 35 * MINUTE)).toBe(left);
    recorder.dismiss(`clipboard-${30 * MINUTE}`, 35 * MINUTE);
    expect(recorder.state).toMatchObject({
      phase: 'in-progress',
      copyAttempts: 2,
      closedBy: null,
      closedT: null,
      stoppedSinceT: null,
    });
    expect(remainingMs(recorder.state, 35 * MINUTE)).toBe(left);
  });

  it('and what an event of the room took before, where the order gives it; once', () => {
    const extraMs = 4 * MINUTE;
    const recorder = threeStrikes();
    const left = remainingMs(recorder.state, 30 * MINUTE) ?? 0;
    const reason = 'corte de luz';
    for (const at of [30, 20]) {
      const incidentId = `clipboard-${at * MINUTE}` as IncidentId;
      recorder.command({ type: 'dismiss', incidentId, reason, extraMs }, 35 * MINUTE);
    }
    expect(recorder.state).toMatchObject({ phase: 'in-progress', copyAttempts: 1 });
    expect(remainingMs(recorder.state, 35 * MINUTE)).toBe(left + extraMs);
    // Of an exam that was not closed nothing was taken.
    const running = new Recorder().start().observe('clipboard', 'happened', 10 * MINUTE);
    const before = remainingMs(running.state, 11 * MINUTE);
    const incidentId = `clipboard-${10 * MINUTE}` as IncidentId;
    running.command({ type: 'dismiss', incidentId, reason, extraMs }, 11 * MINUTE);
    expect(remainingMs(running.state, 11 * MINUTE)).toBe(before);
    // The shift's end stands.
    const late = threeStrikes();
    late.command(
      {
        type: 'dismiss',
        incidentId: `clipboard-${30 * MINUTE}` as IncidentId,
        reason,
        extraMs: 30 * MINUTE,
      },
      70 * MINUTE,
    );
    expect(remainingMs(late.state, 70 * MINUTE)).toBe(SHIFT_END - 70 * MINUTE);
  });

  it('but never past the shift', () => {
    const recorder = threeStrikes().dismiss(`clipboard-${30 * MINUTE}`, 70 * MINUTE);
    expect(recorder.state.phase).toBe('in-progress');
    expect(remainingMs(recorder.state, 70 * MINUTE)).toBe(SHIFT_END - 70 * MINUTE);
  });

  it('and after the shift it stays closed, not counted', () => {
    const recorder = threeStrikes().dismiss(`clipboard-${30 * MINUTE}`, SHIFT_END);
    expect(recorder.state).toMatchObject({ phase: 'closed', copyAttempts: 2 });
  });

  it('dismissing does not reopen what somebody else closed', () => {
    const recorder = new Recorder().start();
    recorder.observe('clipboard', 'happened', 10 * MINUTE).close('examinee', 20 * MINUTE);
    recorder.dismiss(`clipboard-${10 * MINUTE}`, 21 * MINUTE);
    expect(recorder.state).toMatchObject({
      phase: 'closed',
      closedBy: 'examinee',
      copyAttempts: 0,
    });
  });

  it('closes again at the third after a reopening', () => {
    const recorder = threeStrikes().dismiss(`clipboard-${30 * MINUTE}`, 35 * MINUTE);
    recorder.observe('clipboard', 'happened', 36 * MINUTE);
    expect(recorder.state).toMatchObject({ phase: 'closed', copyAttempts: 3 });
  });

  it('a command that was applied is not applied again', () => {
    const recorder = threeStrikes().dismiss(`clipboard-${30 * MINUTE}`, 35 * MINUTE);
    const dismissal = recorder.entries.find(({ type }) => type === 'command-applied');
    recorder.observe('clipboard', 'happened', 36 * MINUTE);
    const after = applyEntry(recorder.state, dismissal as LedgerEntry);
    expect(after.phase).toBe('closed');
  });

  it('an order to close that comes after the closing leaves no reason', () => {
    const recorder = threeStrikes();
    recorder.command({ type: 'close', reason: 'demasiado tarde' }, 31 * MINUTE);
    expect(recorder.state).toMatchObject({ closedBy: 'copy-attempts', closeReason: null });
  });
});

describe('any order of entries', () => {
  const strikes = threeStrikes().dismiss(`clipboard-${20 * MINUTE}`, 35 * MINUTE);
  strikes.command({ type: 'pause', reason: 'revisión' }, 36 * MINUTE);
  strikes.command({ type: 'resume', reason: 'sigue' }, 37 * MINUTE).close('time', 61 * MINUTE);
  const { entries } = strikes;

  it('never counts more than happened, never counts a dismissed one, never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...entries.slice(1)), { maxLength: 60 }), (shuffled) => {
        const state = fold([...entries.slice(0, 1), ...shuffled]);
        const standing = state.incidents.filter((i) => i.copyAttempt !== null && !i.dismissed);
        expect(state.copyAttempts).toBe(new Set(standing.map((i) => i.episodeId)).size);
        expect(state.copyAttempts).toBeLessThanOrEqual(3);
        expect(state.stoppedMs).toBeGreaterThanOrEqual(0);
        expect(remainingMs(state, state.t) ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('every entry twice in a row is every entry once', () => {
    const { seq, hash, t, ...once } = fold(entries);
    const { seq: _s, hash: _h, t: _t, ...twice } = fold(entries.flatMap((e) => [e, e]));
    expect(twice).toEqual(once);
    expect([seq, hash, t]).toEqual([entries.length, '0'.repeat(64), 61 * MINUTE]);
  });
});
