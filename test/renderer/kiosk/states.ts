import type { QuestionId } from '#shared/kernel/ids.ts';
import { MINUTE, SECOND } from '#shared/kernel/time.ts';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import { GOOD_SAMPLE, type KioskPage } from './harness/kiosk-page.ts';
import {
  beforeExam,
  closedView,
  copyAttempt,
  FAILED_LINES,
  inExam,
  message,
  READY_LINES,
  viewOf,
} from './views.ts';

/** A state of the kiosk that a person can see: how to bring it about. */
export interface ScreenState {
  readonly name: string;
  readonly view: () => KioskView;
  readonly before?: (kiosk: KioskPage) => Promise<void>;
  readonly after?: (kiosk: KioskPage) => Promise<void>;
}

const offline: KioskView['connection'] = { online: false, pending: 6, latencyMs: null };
const evidence = [
  { hash: 'a'.repeat(64), mime: 'image/jpeg' as const, bytes: 9_000, t: 1 },
  { hash: 'b'.repeat(64), mime: 'image/jpeg' as const, bytes: 9_000, t: 2 },
];
const three = [
  copyAttempt(1, 'no-face', { acknowledged: true, objection: 'Se me cayó el lápiz.' }),
  copyAttempt(2, 'clipboard', { acknowledged: true }),
  copyAttempt(3, 'focus-lost', { acknowledged: true }),
];

/** Lets the framing guide see a good picture for as long as it asks. */
const sitWell = async (kiosk: KioskPage): Promise<void> => {
  for (let look = 0; look < 6; look += 1) {
    await kiosk.say(GOOD_SAMPLE);
    await kiosk.page.waitForTimeout(450);
  }
};

const press = (name: RegExp) => (kiosk: KioskPage) =>
  kiosk.page.getByRole('button', { name }).click();

export const STATES: readonly ScreenState[] = [
  { name: 'starting', view: () => viewOf({ stage: 'starting', device: null }) },
  {
    name: 'starting-elsewhere',
    view: () =>
      viewOf({ stage: 'starting', device: null, problem: { code: 'already-open-elsewhere' } }),
  },
  { name: 'enrol', view: () => viewOf({ stage: 'not-enrolled', device: null }) },
  { name: 'sign-in', view: () => viewOf({ stage: 'signed-out' }) },
  {
    name: 'sign-in-refused',
    view: () => viewOf({ stage: 'signed-out', connection: offline }),
    before: (kiosk) => kiosk.refuse('sign-in', 'rate-limited', 24_000),
    after: async (kiosk) => {
      await kiosk.page.getByRole('textbox').nth(0).fill('0912345678');
      await kiosk.page.getByRole('textbox').nth(1).fill('clave');
      await kiosk.page.keyboard.press('Enter');
    },
  },
  {
    name: 'device-ready',
    view: () => beforeExam('device-check', { requirements: READY_LINES }),
  },
  {
    name: 'device-failed',
    view: () => beforeExam('device-check', { requirements: FAILED_LINES }),
    before: (kiosk) => kiosk.setFault('denied'),
  },
  { name: 'device-empty', view: () => beforeExam('device-check', { requirements: [] }) },
  { name: 'rules', view: () => beforeExam('rules') },
  {
    name: 'framing-starting',
    view: () => beforeExam('framing'),
  },
  {
    name: 'framing-advice',
    view: () => beforeExam('framing'),
    after: (kiosk) =>
      kiosk.say({
        ...GOOD_SAMPLE,
        faces: [
          ...GOOD_SAMPLE.faces,
          { ...GOOD_SAMPLE.faces[0], x: 0.05, width: 0.1, height: 0.2, y: 0.1, score: 0.8, yaw: 0 },
        ],
      }),
  },
  { name: 'framing-ok', view: () => beforeExam('framing'), after: sitWell },
  {
    name: 'framing-fault',
    view: () => beforeExam('framing'),
    before: (kiosk) => kiosk.setFault('in-use'),
  },
  { name: 'waiting', view: () => beforeExam('waiting') },
  {
    name: 'waiting-offline',
    view: () => beforeExam('waiting', { connection: offline }, -30 * SECOND),
    before: (kiosk) => kiosk.refuse('start-exam', 'offline'),
  },
  { name: 'exam', view: () => inExam(), after: (kiosk) => kiosk.say(GOOD_SAMPLE) },
  {
    name: 'exam-multiple',
    view: () => inExam({ questionId: 'q-4' as QuestionId, copyAttempts: 1 }),
    after: (kiosk) => kiosk.say(GOOD_SAMPLE),
  },
  {
    name: 'exam-warning',
    view: () =>
      inExam(
        { copyAttempts: 1 },
        { warnings: [{ kind: 'turned-away', countsAt: Date.now() + 4_400, counts: true }] },
      ),
    after: (kiosk) =>
      kiosk.say({
        ...GOOD_SAMPLE,
        faces: [
          {
            ...GOOD_SAMPLE.faces[0],
            x: 0.38,
            y: 0.22,
            width: 0.24,
            height: 0.36,
            score: 0.9,
            yaw: 0.5,
          },
        ],
      }),
  },
  {
    name: 'exam-offline-last-minutes',
    view: () =>
      inExam(
        { questionId: 'q-20' as QuestionId },
        { connection: offline, sentSeq: 140 },
        4 * MINUTE + 9 * SECOND,
      ),
    after: (kiosk) => kiosk.say(GOOD_SAMPLE),
  },
  {
    name: 'exam-last-minute',
    view: () => inExam({}, {}, 41 * SECOND),
    after: (kiosk) => kiosk.say(GOOD_SAMPLE),
  },
  {
    name: 'exam-problem',
    view: () => inExam({}, { problem: { code: 'storage-failed' } }),
  },
  {
    name: 'device-problem',
    view: () => beforeExam('device-check', { problem: { code: 'chain-broken' } }),
  },
  { name: 'exam-loading-form', view: () => inExam({}, { form: null }) },
  { name: 'finish', view: () => inExam(), after: press(/Terminar examen|Finish exam/) },
  { name: 'instructions', view: () => inExam(), after: press(/Instrucciones|Instructions/) },
  {
    name: 'notice-first',
    view: () => inExam({ copyAttempts: 1, incidents: [copyAttempt(1, 'no-face', { evidence })] }),
  },
  {
    name: 'notice-objection',
    view: () => inExam({ copyAttempts: 2, incidents: [copyAttempt(2, 'clipboard')] }),
    after: press(/No estoy de acuerdo|I do not agree/),
  },
  {
    name: 'message',
    view: () =>
      inExam({
        messages: [message('Quedan pocos minutos. Revise que respondió todas las preguntas.')],
      }),
  },
  {
    name: 'paused',
    view: () =>
      inExam(
        {
          phase: 'paused',
          stoppedSinceT: 21 * MINUTE,
          pauseReason: 'Corte de luz en el bloque C: se espera el generador.',
        },
        { endsAt: null, frozenRemainingMs: 38 * MINUTE },
      ),
  },
  {
    name: 'paused-released',
    view: () =>
      inExam(
        {
          phase: 'paused',
          stoppedSinceT: 21 * MINUTE,
          released: true,
          pauseReason: 'Se cambia el equipo: falla del teclado.',
        },
        { endsAt: null, frozenRemainingMs: 38 * MINUTE },
      ),
  },
  {
    name: 'staff-exit',
    view: () => inExam(),
    before: (kiosk) => kiosk.refuse('staff-exit', 'wrong-exit-code'),
    after: async (kiosk) => {
      await kiosk.page.getByRole('button', { name: /^(Personal|Staff)$/ }).click();
      await kiosk.page.getByRole('textbox').nth(0).fill('K7M2-0XQ1');
      await kiosk.page.getByRole('textbox').nth(1).fill('Falla del teclado');
      await kiosk.page.getByRole('button', { name: /Liberar el equipo|Open the device/ }).click();
    },
  },
  { name: 'closed-examinee', view: () => closedView({ closedBy: 'examinee' }) },
  {
    name: 'closed-time-offline',
    view: () =>
      closedView(
        { closedBy: 'time' },
        { connection: { online: false, pending: 14, latencyMs: null } },
      ),
  },
  {
    name: 'closed-third-notice',
    view: () =>
      closedView({
        closedBy: 'copy-attempts',
        copyAttempts: 3,
        incidents: [...three.slice(0, 2), copyAttempt(3, 'focus-lost')],
      }),
  },
  {
    name: 'closed-copy-attempts',
    view: () => closedView({ closedBy: 'copy-attempts', copyAttempts: 3, incidents: three }),
  },
  {
    name: 'closed-proctor',
    view: () =>
      closedView({
        closedBy: 'proctor',
        closeReason: 'El examinado se retiró del aula por motivos de salud.',
      }),
  },
];

/** Opens the kiosk at this state. */
export const bringAbout = async (kiosk: KioskPage, state: ScreenState): Promise<void> => {
  await state.before?.(kiosk);
  await kiosk.show(state.view());
  await state.after?.(kiosk);
};
