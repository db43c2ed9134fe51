import { describe, expect, test } from 'vitest';
import { hashGroups, receiptText } from '#renderer/kiosk/receipt.ts';
import { savedState } from '#renderer/kiosk/saved-state.ts';
import { intentOf } from '#renderer/kiosk/screens/exam/shortcuts.ts';
import { scanStep } from '#renderer/kiosk/screens/room-scan/scan-steps.tsx';
import {
  answeredCount,
  cameraWanted,
  chosenOptions,
  clockAt,
  currentIndex,
  deviceVerdict,
  facesAreChecked,
  identityPart,
  loadingPercent,
  pendingNotice,
  standingAt,
  unreadMessage,
} from '#renderer/kiosk/selectors.ts';
import { EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import { BY_HAND } from '#shared/identity/identity-facts.ts';
import type { AttemptId, QuestionId } from '#shared/kernel/ids.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import {
  beforeExam,
  closedView,
  copyAttempt,
  FAILED_LINES,
  FORM,
  finished,
  HASH,
  inExam,
  inIdentity,
  message,
  offLine,
  READY_LINES,
  ticketAt,
  viewOf,
} from './views.ts';

describe('the camera is wanted', () => {
  test.each([
    ['not before an attempt', viewOf({ stage: 'signed-out' }), false],
    ['from the device check on', beforeExam('device-check'), true],
    ['in the exam', inExam(), true],
    ['not after closing', closedView({ closedBy: 'time' }), false],
    ['not by the exempt', beforeExam('waiting', { ticket: ticketAt(0, true) }), false],
  ])('%s', (_, view, wanted) => {
    expect(cameraWanted(view)).toBe(wanted);
  });
});

describe('the identity screen shows', () => {
  const by = { by: 'A', authorisedBy: null, reason: 'cédula', t: 1 };
  test.each([
    ['ready before the first check', inIdentity(), 'ready'],
    ['ready before the host has said anything', inIdentity({}, {}, { identity: null }), 'ready'],
    ['what runs', inIdentity({}, { stage: 'looking' }), 'running'],
    [
      'what runs a second time',
      inIdentity({ checks: [finished('no')] }, { stage: 'turn' }),
      'running',
    ],
    ['an answer with another try', inIdentity({ checks: [finished('unsure')] }), 'answer'],
    [
      'a person without tries',
      inIdentity({ checks: [finished('no')] }, { triesLeft: 0 }),
      'person',
    ],
    ['a person without a template', inIdentity({ checks: [finished('not-enrolled')] }), 'person'],
    ['the missing document', inIdentity({ documentMissing: true }), 'missing'],
    [
      'the missing document also after a check',
      inIdentity({ documentMissing: true, checks: [finished('no')] }),
      'missing',
    ],
    [
      'a refusal, whatever else',
      inIdentity({ decision: { ...by, decision: 'refused' } }),
      'refused',
    ],
  ] as const)('%s', (_, view, part) => {
    expect(identityPart(view)).toBe(part);
  });

  test('nothing of a face where none is compared', () => {
    expect(facesAreChecked(inIdentity())).toBe(true);
    expect(facesAreChecked(beforeExam('waiting'))).toBe(false);
    const { ticket } = inIdentity();
    const exempt = { ...ticketAt(0, true), identity: ticket?.identity ?? BY_HAND };
    expect(facesAreChecked(inIdentity({}, {}, { ticket: exempt }))).toBe(false);
    expect(facesAreChecked(null)).toBe(false);
  });
});

describe('the steps of the view of the room', () => {
  test.each([
    [0, 8, 'left'],
    [1, 8, 'left'],
    [2, 8, 'behind'],
    [5, 8, 'right'],
    [8, 8, 'desk'],
    [0, 0, 'left'],
    [2, 6, 'behind'],
    [5, 6, 'desk'],
  ])('%i of %i', (taken, wanted, step) => {
    expect(scanStep(taken, wanted)).toBe(step);
  });
});

describe('the notice to show', () => {
  const attempt = (...incidents: ReturnType<typeof copyAttempt>[]) => ({
    ...EMPTY_ATTEMPT,
    incidents,
  });
  const dismissed = { by: 'A', reason: 'el cable' };
  test('is the oldest that was not acknowledged', () => {
    const first = copyAttempt(1, 'no-face', { acknowledged: true });
    const second = copyAttempt(2, 'clipboard');
    const third = copyAttempt(3, 'print');
    expect(pendingNotice(attempt(first, second, third))).toBe(second);
  });
  test('is never one that counts for nothing', () => {
    expect(pendingNotice(attempt(copyAttempt(1, 'no-face', { dismissed })))).toBeNull();
    expect(pendingNotice(attempt(copyAttempt(1, 'low-light', { copyAttempt: null })))).toBeNull();
    // Its number stays its own; what the limit is compared with leaves out those taken back.
    const later = copyAttempt(3, 'no-face');
    const two = attempt(
      copyAttempt(1, 'no-face', { dismissed }),
      copyAttempt(2, 'clipboard'),
      later,
    );
    expect(standingAt(two, later)).toBe(2);
  });
  test('messages wait to be read', () => {
    expect(unreadMessage({ ...EMPTY_ATTEMPT, messages: [message('a', true)] })).toBeNull();
    expect(unreadMessage({ ...EMPTY_ATTEMPT, messages: [message('a')] })?.text).toBe('a');
  });
});

test('answers: what is being stored lies over what is stored', () => {
  const q = 'q-1' as QuestionId;
  const attempt = { ...EMPTY_ATTEMPT, answers: { 'q-1': ['a'], 'q-2': [] } };
  expect(chosenOptions(attempt, {}, q)).toEqual(['a']);
  expect(chosenOptions(attempt, { 'q-1': ['c'] }, q)).toEqual(['c']);
  expect(chosenOptions(attempt, {}, 'q-9' as QuestionId)).toEqual([]);
  expect(answeredCount(attempt)).toBe(1);
});

test('the place in the exam comes from the record', () => {
  expect(currentIndex(FORM, { ...EMPTY_ATTEMPT, questionId: 'q-8' as QuestionId })).toBe(7);
  expect(currentIndex(FORM, EMPTY_ATTEMPT)).toBe(0);
  expect(currentIndex(FORM, { ...EMPTY_ATTEMPT, questionId: 'gone' as QuestionId })).toBe(0);
});

test('exam time turns into the server clock through the end of the shift', () => {
  const startsAt = 1_000_000_000_000;
  const ticket = ticketAt(startsAt);
  // Came 10 minutes late: exam time 0 is 10 minutes into the shift of 75.
  const attempt = { ...EMPTY_ATTEMPT, shiftEndsT: 65 * MINUTE };
  expect(clockAt(ticket, attempt, 0)).toBe(startsAt + 10 * MINUTE);
  expect(clockAt(ticket, attempt, 65 * MINUTE)).toBe(ticket.shift.endsAt);
  expect(clockAt(ticket, EMPTY_ATTEMPT, 5)).toBeNull();
});

describe('the device check', () => {
  test.each([
    ['nothing checked yet', [], 'waiting', 0],
    ['all well, some not watched', READY_LINES, 'ready', 0],
    ['a blocking failure', FAILED_LINES, 'blocked', 1],
    ['only a mild failure', FAILED_LINES.filter(({ id }) => id === 'clock'), 'ready', 0],
    [
      'a camera that has not answered',
      FAILED_LINES.filter(({ id }) => id === 'camera'),
      'waiting',
      0,
    ],
  ] as const)('%s', (_, lines, state, failed) => {
    expect(deviceVerdict(lines)).toEqual({ state, failed });
  });
});

describe('where the answers are', () => {
  const view = (online: boolean, sentSeq: number) =>
    inExam({}, { sentSeq, connection: { ...offLine(1), online } });
  const state = { drafts: {}, saving: 0, answersSeq: 140, answerProblem: null };
  test.each([
    ['none', { ...state, view: inExam({ answers: {} }) }],
    ['server', { ...state, view: view(true, 140) }],
    ['server', { ...state, view: view(false, 148) }],
    ['device', { ...state, view: view(true, 139) }],
    ['later', { ...state, view: view(false, 139) }],
    ['saving', { ...state, view: view(true, 140), drafts: { 'q-1': ['a'] }, saving: 1 }],
    // Stored, but not in a view yet: it cannot be on the server.
    ['device', { ...state, view: view(true, 140), drafts: { 'q-1': ['a'] } }],
    ['failed', { ...state, view: view(true, 140), answerProblem: { code: 'storage-failed' } }],
  ] as const)('%s', (expected, input) => {
    expect(savedState(input)).toBe(expected);
  });
});

describe('keys', () => {
  const none = { altKey: false, ctrlKey: false, metaKey: false };
  test.each([
    ['1', { do: 'choose', option: 0 }],
    ['4', { do: 'choose', option: 3 }],
    ['ArrowLeft', { do: 'previous' }],
    ['ArrowRight', { do: 'next' }],
    ['m', { do: 'flag' }],
    ['M', { do: 'flag' }],
    ['9', null],
    ['Tab', null],
    ['ArrowDown', null],
  ])('%s', (key, intent) => {
    expect(intentOf({ ...none, key })).toEqual(intent);
  });
  test('nothing with a modifier', () => {
    for (const modifier of ['altKey', 'ctrlKey', 'metaKey']) {
      expect(intentOf({ ...none, [modifier]: true, key: '1' })).toBeNull();
    }
  });
});

test('the receipt names attempt, entry and hash', () => {
  expect(receiptText('attempt-1' as AttemptId, 231, HASH)).toBe(
    `atalaya-receipt:1:attempt-1:231:${HASH}`,
  );
  const groups = hashGroups(HASH);
  expect(groups).toHaveLength(8);
  expect(groups.join('')).toBe(HASH);
});

describe('how much of the face finder is loaded', () => {
  const waiting = { status: 'on', advice: null, okForMs: 0 } as const;
  const vision = (progress: number | null) => ({ progress, identity: 'off' }) as const;
  test.each([
    ['is told while the open camera waits for it', waiting, 0.463, 46],
    ['is never 100 before it is there', waiting, 0.9999, 99],
    ['is not told once it is there', waiting, 1, null],
    ['is not told where it is not known', waiting, null, null],
    ['is not told before the camera is open', { status: 'starting' } as const, 0.4, null],
    ['is not told when something was seen', { ...waiting, advice: 'ok' } as const, 0.4, null],
  ])('%s', (_, camera, progress, percent) => {
    expect(loadingPercent({ camera, vision: vision(progress) })).toBe(percent);
  });
});
