import bank from '#assets/demo/bank.json' with { type: 'json' };
import {
  type AttemptState,
  EMPTY_ATTEMPT,
  type IdentityCheckRecord,
  type IdentityRecord,
  type IncidentRecord,
} from '#shared/attempt/attempt-state.ts';
import type { Form, FormQuestion, Ticket } from '#shared/exam/ticket.ts';
import {
  BY_HAND,
  type CheckOutcome,
  type IdentitySettings,
} from '#shared/identity/identity-facts.ts';
import { DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type {
  AttemptId,
  CommandId,
  EpisodeId,
  ExamineeId,
  Hash,
  IncidentId,
  QuestionId,
  RoomId,
  SessionId,
} from '#shared/kernel/ids.ts';
import { MINUTE, SECOND } from '#shared/kernel/time.ts';
import type { IdentityView, KioskView, RoomScanView } from '#shared/ports/kiosk-host.port.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import { policyFor } from '#test/support/fake/policy-for.ts';

/** What a host would show at each stage, for tests of the screens. Times are relative to `now`. */
const ATTEMPT_ID = 'attempt-1' as AttemptId;
export const HASH = '3fa91c07d2b85e6614e0a97bb1c3580d9f24716ae8d05b3c6f1e92a47c80d51b';

export const ticketAt = (startsAt: number, cameraExempt = false): Ticket => ({
  attemptId: ATTEMPT_ID,
  sessionId: 'session-1' as SessionId,
  examinee: {
    id: 'examinee-1' as ExamineeId,
    name: 'María Fernanda Quishpe Andrade',
    documentMasked: '••••••4821',
  },
  exam: {
    id: 'fti-2026',
    title: 'Fundamentos de Tecnologías de la Información',
    instructions:
      'Lea cada pregunta con calma. Puede cambiar sus respuestas hasta entregar.\nNo se permite calculadora ni hojas de apuntes.\nSi algo falla en su equipo, levante la mano y espere al aplicador.',
    durationMs: 60 * MINUTE,
    questionCount: 20,
  },
  shift: { startsAt, endsAt: startsAt + 75 * MINUTE },
  room: { id: 'room-1' as RoomId, name: 'Laboratorio 3, bloque C', seat: 'B4' },
  policy: policyFor(new Set(cameraExempt ? ['camera-exempt'] : [])),
  rulesVersion: 'INT.32 v3.00',
  identity: BY_HAND,
  privacy: { retentionDays: 180, thumbnails: false },
  staffExit: { salt: '0'.repeat(32), hash: HASH as Hash, iterations: 1 },
});

export const FORM: Form = {
  attemptId: ATTEMPT_ID,
  questions: bank.questions.slice(0, 20).map(
    (question, index): FormQuestion => ({
      id: `q-${index + 1}` as QuestionId,
      type: index === 3 ? 'multiple' : 'single',
      stem: question.stem,
      options: question.options.map(({ id, text }) => ({ id, text })),
    }),
  ),
};

/** The server does not answer, and nobody knows why. @param pending entries that wait for it. */
export const offLine = (pending: number): KioskView['connection'] => ({
  online: false,
  looking: false,
  fault: null,
  pending,
  latencyMs: null,
});

export const viewOf = (changes: Partial<KioskView>): KioskView => ({
  stage: 'attempt',
  device: { id: 'device-1', name: 'LAB3-17' },
  institution: 'Universidad Estatal de Milagro',
  connection: { online: true, looking: false, fault: null, pending: 0, latencyMs: 12 },
  clockOffsetMs: 0,
  ticket: null,
  form: null,
  requirements: [],
  attempt: null,
  savedSeq: 12,
  sentSeq: 12,
  endsAt: null,
  frozenRemainingMs: null,
  warnings: [],
  identity: null,
  roomScan: null,
  captureEveryMs: null,
  cameraCountsAt: null,
  problem: null,
  ...changes,
});

const attemptOf = (changes: Partial<AttemptState>): AttemptState => ({
  ...EMPTY_ATTEMPT,
  policy: DEFAULT_POLICY,
  seq: 12,
  hash: HASH,
  ...changes,
});

const line = (
  id: Requirement['id'],
  outcome: Requirement['outcome'] = 'ok',
  rest: Partial<Requirement> = {},
): Requirement => ({ id, outcome, blocks: true, ...rest });

export const READY_LINES: readonly Requirement[] = [
  line('server'),
  line('clock', 'ok', { blocks: false }),
  line('storage'),
  line('computer'),
  line('display'),
  line('fullscreen'),
  line('keyboard-lock', 'not-watched', { blocks: false }),
  line('camera'),
];

export const FAILED_LINES: readonly Requirement[] = [
  line('server'),
  line('clock', 'failed', { blocks: false, cause: 'clock-skewed' }),
  line('storage'),
  line('computer'),
  line('display', 'failed', { cause: 'several' }),
  line('fullscreen'),
  line('keyboard-lock', 'not-watched', { blocks: false }),
  line('camera', 'pending'),
];

/** Before the exam: `startsIn` ms until the shift. */
export const beforeExam = (
  phase: 'device-check' | 'rules' | 'framing' | 'identity' | 'waiting',
  changes: Partial<KioskView> = {},
  startsIn = 8 * MINUTE + 12 * SECOND,
): KioskView =>
  viewOf({
    ticket: ticketAt(Date.now() + startsIn),
    attempt: attemptOf({ phase }),
    requirements: READY_LINES,
    ...changes,
  });

const FACE_CHECK: IdentitySettings = { check: 'face', enrolled: true, challenge: true };

/** A check that does not run; `changes` say what does. */
const checkOf = (changes: Partial<IdentityView>): IdentityView => ({
  stage: 'ready',
  turn: null,
  turnsDone: 0,
  turnsAsked: 2,
  advice: null,
  endsAt: null,
  lastOutcome: null,
  triesLeft: 3,
  ...changes,
});

export const finished = (
  outcome: CheckOutcome,
  changes: Partial<IdentityCheckRecord> = {},
): IdentityCheckRecord => ({
  t: 2 * MINUTE,
  outcome,
  distance: 0.57,
  challenge: 'passed',
  evidence: [],
  ...changes,
});

/** At the identity check: what the record says, and what runs. */
export const inIdentity = (
  record: Partial<IdentityRecord> = {},
  check: Partial<IdentityView> = {},
  changes: Partial<KioskView> = {},
): KioskView => {
  const settings = record.settings ?? FACE_CHECK;
  const view = beforeExam('identity');
  const identity = { ...EMPTY_ATTEMPT.identity, ...record, settings };
  return {
    ...view,
    ticket: view.ticket === null ? null : { ...view.ticket, identity: settings },
    attempt: view.attempt === null ? null : { ...view.attempt, identity },
    identity: checkOf(check),
    ...changes,
  };
};

const ANSWERS: AttemptState['answers'] = Object.fromEntries(
  [1, 2, 3, 4, 5, 6, 7, 9, 10].map((number) => [`q-${number}`, number === 4 ? ['a', 'c'] : ['b']]),
);

const runningAttempt = (changes: Partial<AttemptState>): AttemptState =>
  attemptOf({
    phase: 'in-progress',
    startedT: 0,
    durationMs: 60 * MINUTE,
    shiftEndsT: 75 * MINUTE,
    questionId: 'q-8' as QuestionId,
    answers: ANSWERS,
    flagged: { 'q-5': true, 'q-8': true },
    seq: 148,
    t: 21 * MINUTE,
    ...changes,
  });

/** In the exam, `left` ms before its end. */
export const inExam = (
  attempt: Partial<AttemptState> = {},
  changes: Partial<KioskView> = {},
  left = 38 * MINUTE + 4 * SECOND,
): KioskView =>
  viewOf({
    ticket: ticketAt(Date.now() - 22 * MINUTE),
    form: FORM,
    attempt: runningAttempt(attempt),
    savedSeq: 148,
    sentSeq: 148,
    endsAt: Date.now() + left,
    ...changes,
  });

export const copyAttempt = (
  number: number,
  kind: IncidentKind,
  changes: Partial<IncidentRecord> = {},
): IncidentRecord => ({
  id: `${kind}-${number}` as IncidentId,
  kind,
  startedT: number * 5 * MINUTE,
  openedT: number * 5 * MINUTE + 5 * SECOND,
  endedT: null,
  counted: true,
  episodeId: `episode-${number}` as EpisodeId,
  facts: {},
  evidence: [],
  copyAttempt: number,
  acknowledged: false,
  objection: null,
  dismissed: null,
  ...changes,
});

export const message = (text: string, read = false): AttemptState['messages'][number] => ({
  commandId: 'command-1' as CommandId,
  text,
  from: 'Ing. Luis Cedeño',
  t: 20 * MINUTE,
  read,
});

/** The proctor asked to see the room: the exam stands still. */
export const roomScanOf = (
  scan: Partial<RoomScanView> = {},
  changes: Partial<KioskView> = {},
): KioskView =>
  inExam(
    {
      phase: 'paused',
      stoppedSinceT: 21 * MINUTE,
      pauseReason: 'Se oyó una conversación cerca de su puesto.',
    },
    {
      endsAt: null,
      frozenRemainingMs: 38 * MINUTE,
      roomScan: {
        stage: 'asked',
        reason: 'Se oyó una conversación cerca de su puesto.',
        from: 'Ing. Luis Cedeño',
        taken: 0,
        wanted: 8,
        endsAt: Date.now() + 90 * SECOND,
        ...scan,
      },
      ...changes,
    },
  );

/** After closing. */
export const closedView = (
  attempt: Partial<AttemptState>,
  changes: Partial<KioskView> = {},
): KioskView =>
  inExam(
    { phase: 'closed', closedT: 52 * MINUTE, stoppedSinceT: 52 * MINUTE, seq: 231, ...attempt },
    { endsAt: null, frozenRemainingMs: 8 * MINUTE, savedSeq: 231, sentSeq: 231, ...changes },
  );

/** The same with an exam that goes on from another machine, which had counted one copy attempt. */
export const carriedOn = (view: KioskView): KioskView => {
  const with_ = (policy: Policy): Policy => ({
    ...policy,
    copyAttemptLimit: policy.copyAttemptLimit - 1,
    carried: {
      highest: 1,
      attempts: [
        {
          id: 'carried-1' as IncidentId,
          attemptId: 'attempt-0' as AttemptId,
          incidentId: 'no-face:60000' as IncidentId,
          kind: 'no-face',
          at: Date.now() - 25 * MINUTE,
        },
      ],
    },
  });
  const { ticket, attempt } = view;
  return {
    ...view,
    ticket: ticket === null ? null : { ...ticket, policy: with_(ticket.policy) },
    attempt:
      attempt === null || attempt.policy === null
        ? attempt
        : { ...attempt, policy: with_(attempt.policy) },
  };
};
