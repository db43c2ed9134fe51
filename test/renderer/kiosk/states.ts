import type { CaptureAdvice } from '#shared/identity/capture-quality.ts';
import type { QuestionId } from '#shared/kernel/ids.ts';
import { MINUTE, SECOND } from '#shared/kernel/time.ts';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import { GOOD_SAMPLE, type KioskPage } from './harness/kiosk-page.ts';
import {
  beforeExam,
  carriedOn,
  closedView,
  copyAttempt,
  FAILED_LINES,
  finished,
  inExam,
  inIdentity,
  message,
  offLine,
  READY_LINES,
  roomScanOf,
  viewOf,
} from './views.ts';

const CAPTURE_ADVICE: readonly (CaptureAdvice | null)[] = [
  null,
  'nobody',
  'two-people',
  'move-closer',
  'centre',
  'more-light',
  'look-ahead',
  'hold-still',
];

/** A state of the kiosk that a person can see: how to bring it about. */
export interface ScreenState {
  readonly name: string;
  readonly view: () => KioskView;
  readonly before?: (kiosk: KioskPage) => Promise<void>;
  readonly after?: (kiosk: KioskPage) => Promise<void>;
}

const offline = offLine(6);
const OFF_LINE = /Sin conexión|No connection/;
const evidence = [
  { hash: 'a'.repeat(64), mime: 'image/jpeg' as const, bytes: 9_000, t: 1 },
  { hash: 'b'.repeat(64), mime: 'image/jpeg' as const, bytes: 9_000, t: 2 },
];
const three = [
  copyAttempt(1, 'no-face', { acknowledged: true, objection: 'Se me cayó el lápiz.' }),
  copyAttempt(2, 'clipboard', { acknowledged: true }),
  copyAttempt(3, 'focus-lost', { acknowledged: true }),
];

const TWO_CAMERAS = [
  { id: 'built-in', label: 'Integrated Camera (04f2:b6d9)' },
  { id: 'usb', label: 'HD Pro Webcam C920 (046d:0892)' },
];

/** Lets the framing guide see a good picture for as long as it asks. The page's clock is the test's. */
const sitWell = async (kiosk: KioskPage): Promise<void> => {
  for (let look = 0; look < 6; look += 1) {
    await kiosk.say(GOOD_SAMPLE);
    await kiosk.page.clock.fastForward(450);
  }
};

/** Until what takes no press in its first moment does. */
const settle = (kiosk: KioskPage): Promise<void> => kiosk.page.clock.fastForward(1_000);
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
  {
    name: 'device-loading',
    view: () =>
      beforeExam('device-check', {
        requirements: READY_LINES.map((line) =>
          line.id === 'camera' ? { ...line, outcome: 'pending' } : line,
        ),
      }),
    after: (kiosk) => kiosk.sayLoading({ progress: 0.463, identity: 'off' }),
  },
  { name: 'device-empty', view: () => beforeExam('device-check', { requirements: [] }) },
  { name: 'rules', view: () => beforeExam('rules') },
  {
    name: 'framing-starting',
    view: () => beforeExam('framing'),
  },
  {
    name: 'framing-loading',
    view: () => beforeExam('framing'),
    after: (kiosk) => kiosk.sayLoading({ progress: 0.463, identity: 'off' }),
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
    name: 'framing-two-cameras',
    view: () => beforeExam('framing'),
    after: async (kiosk) => {
      await kiosk.setCameras(TWO_CAMERAS);
      await sitWell(kiosk);
    },
  },
  {
    name: 'framing-camera-refused',
    view: () => beforeExam('framing'),
    after: async (kiosk) => {
      await kiosk.setCameras(TWO_CAMERAS);
      await kiosk.setFault('in-use');
      await kiosk.page.getByRole('combobox').selectOption('usb');
      await kiosk.page.getByText(/no se pudo abrir|could not be opened/).waitFor();
      await kiosk.say(GOOD_SAMPLE);
    },
  },
  {
    name: 'framing-fault',
    view: () => beforeExam('framing'),
    before: (kiosk) => kiosk.setFault('in-use'),
  },
  { name: 'identity-ready', view: () => inIdentity(), after: (kiosk) => kiosk.say(GOOD_SAMPLE) },
  {
    name: 'identity-camera-fault',
    view: () => inIdentity(),
    before: (kiosk) => kiosk.setFault('denied'),
  },
  ...CAPTURE_ADVICE.map(
    (advice): ScreenState => ({
      name: `identity-looking-${advice ?? 'good'}`,
      view: () => inIdentity({}, { stage: 'looking', advice, endsAt: Date.now() + 14_000 }),
      after: (kiosk) => kiosk.say(GOOD_SAMPLE),
    }),
  ),
  ...(['left', 'right'] as const).map(
    (turn, turnsDone): ScreenState => ({
      name: `identity-turn-${turn}`,
      view: () => inIdentity({}, { stage: 'turn', turn, turnsDone, endsAt: Date.now() + 7_000 }),
      after: (kiosk) => kiosk.say(GOOD_SAMPLE),
    }),
  ),
  {
    name: 'identity-back',
    view: () => inIdentity({}, { stage: 'back', turnsDone: 1, endsAt: Date.now() + 5_000 }),
    after: (kiosk) => kiosk.say(GOOD_SAMPLE),
  },
  {
    name: 'identity-ending',
    view: () => inIdentity({}, { stage: 'ending', turnsDone: 2, endsAt: Date.now() + 3_000 }),
    after: (kiosk) => kiosk.say(GOOD_SAMPLE),
  },
  ...(['unsure', 'no', 'challenge-failed', 'no-capture'] as const).map(
    (outcome): ScreenState => ({
      name: `identity-answer-${outcome}`,
      view: () => inIdentity({ checks: [finished(outcome)] }, { triesLeft: 2 }),
      after: (kiosk) => kiosk.say(GOOD_SAMPLE),
    }),
  ),
  {
    name: 'identity-answer-offline',
    view: () =>
      inIdentity({ checks: [finished('unsure')] }, { triesLeft: 1 }, { connection: offline }),
    after: (kiosk) => kiosk.say(GOOD_SAMPLE),
  },
  {
    name: 'identity-person',
    view: () => inIdentity({ checks: [finished('no')] }, { triesLeft: 0 }),
  },
  {
    name: 'identity-not-enrolled',
    view: () => inIdentity({ checks: [finished('not-enrolled')] }, { triesLeft: 2 }),
  },
  {
    name: 'identity-no-document',
    view: () => inIdentity(),
    after: press(/No tengo mi documento|I do not have my document/),
  },
  { name: 'identity-missing', view: () => inIdentity({ documentMissing: true }) },
  {
    name: 'identity-missing-offline',
    view: () => inIdentity({ documentMissing: true }, {}, { connection: offline }),
  },
  {
    name: 'identity-refused',
    view: () =>
      inIdentity({
        decision: {
          decision: 'refused',
          by: 'Ing. Luis Cedeño',
          authorisedBy: null,
          reason: 'La foto de la cédula no corresponde a la persona presente.',
          t: 3 * MINUTE,
        },
      }),
  },
  {
    name: 'staff-identity',
    view: () => inIdentity({ documentMissing: true }),
    before: (kiosk) => kiosk.refuse('staff-identity', 'wrong-exit-code'),
    after: async (kiosk) => {
      await kiosk.page.getByRole('button', { name: /^(Personal|Staff)$/ }).click();
      await kiosk.page.getByRole('textbox').nth(0).fill('K7M2-0XQ1');
      await kiosk.page.getByRole('dialog').getByRole('radio').nth(2).click();
      await kiosk.page.getByRole('textbox').nth(1).fill('Dra. Elena Viteri, coordinación');
      await kiosk.page.getByRole('textbox').nth(2).fill('Carné con foto');
      await press(/Registrar la decisión|Record the decision/)(kiosk);
    },
  },
  {
    name: 'staff-identity-missing',
    view: () => inIdentity({ documentMissing: true }),
    after: async (kiosk) => {
      await kiosk.page.getByRole('button', { name: /^(Personal|Staff)$/ }).click();
      await kiosk.page.getByRole('dialog').getByRole('radio').nth(2).click();
      await press(/Registrar la decisión|Record the decision/)(kiosk);
    },
  },
  { name: 'rules-face', view: () => ({ ...inIdentity(), attempt: beforeExam('rules').attempt }) },
  { name: 'waiting', view: () => beforeExam('waiting') },
  {
    name: 'device-carried',
    view: () => carriedOn(beforeExam('device-check', { requirements: READY_LINES })),
  },
  {
    name: 'waiting-late-carried',
    view: () => carriedOn(beforeExam('waiting', {}, -9 * MINUTE)),
    after: settle,
  },
  {
    name: 'closed-carried',
    view: () =>
      carriedOn(
        closedView({
          closedBy: 'copy-attempts',
          copyAttempts: 2,
          incidents: [
            copyAttempt(1, 'clipboard', { acknowledged: true }),
            copyAttempt(2, 'focus-lost', { acknowledged: true }),
          ],
        }),
      ),
  },
  { name: 'waiting-late', view: () => beforeExam('waiting', {}, -9 * MINUTE), after: settle },
  {
    name: 'gate',
    view: () =>
      inExam(
        { gate: { cause: 'reopened', sinceT: 1, pressedT: null, review: false } },
        { form: null },
      ),
    after: settle,
  },
  {
    name: 'gate-grace',
    view: () =>
      inExam(
        { gate: { cause: 'start', sinceT: 1, pressedT: 2, review: false } },
        { cameraCountsAt: Date.now() + 8 * SECOND },
      ),
    after: (kiosk) => kiosk.say(GOOD_SAMPLE),
  },
  {
    name: 'waiting-offline',
    view: () => beforeExam('waiting', { connection: offline }, -30 * SECOND),
    before: (kiosk) => kiosk.refuse('start-exam', 'offline'),
    after: async (kiosk) => {
      await settle(kiosk);
      await press(/Soy yo|It is me/)(kiosk);
    },
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
    name: 'exam-warnings',
    view: () =>
      inExam(
        {},
        {
          warnings: [
            { kind: 'off-frame', countsAt: Date.now() + 5_900, counts: true },
            { kind: 'low-light', countsAt: Date.now() + 6_400, counts: false },
          ],
        },
      ),
    after: (kiosk) => kiosk.say(GOOD_SAMPLE),
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
  { name: 'room-scan', view: () => roomScanOf(), after: (kiosk) => kiosk.say(GOOD_SAMPLE) },
  {
    name: 'room-scan-fault',
    view: () => roomScanOf(),
    before: (kiosk) => kiosk.setFault('in-use'),
  },
  ...[0, 3, 5, 7].map(
    (taken): ScreenState => ({
      name: `room-scan-running-${taken}`,
      view: () => roomScanOf({ stage: 'running', taken, endsAt: Date.now() + 21_000 }),
      after: (kiosk) => kiosk.say(GOOD_SAMPLE),
    }),
  ),
  {
    name: 'room-scan-refuse',
    view: () => roomScanOf(),
    after: press(/^(No mostrarlo|Do not show it)$/),
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
  {
    name: 'connection-refused',
    view: () =>
      inExam(
        {},
        {
          connection: {
            ...offLine(6),
            fault: { cause: 'refused', detail: 'connect ECONNREFUSED 10.20.0.5:443' },
          },
        },
      ),
    after: async (kiosk) => {
      await kiosk.page.getByRole('button', { name: OFF_LINE }).click();
      await kiosk.page.getByText(/Para el personal técnico|For technical staff/).click();
    },
  },
  {
    name: 'connection-choose',
    view: () =>
      inExam(
        {},
        { connection: { ...offLine(6), fault: { cause: 'timeout', detail: 'ETIMEDOUT' } } },
      ),
    before: (kiosk) => kiosk.page.evaluate(() => window.harness.network.allow()),
    after: async (kiosk) => {
      await kiosk.page.getByRole('button', { name: OFF_LINE }).click();
      await kiosk.page.getByRole('button', { name: /UNEMI-Respaldo/ }).click();
      await kiosk.page.getByRole('dialog').locator('input').fill('clave-de-aula');
    },
  },
  { name: 'closed-examinee', view: () => closedView({ closedBy: 'examinee' }) },
  {
    name: 'closed-time-offline',
    view: () => closedView({ closedBy: 'time' }, { connection: offLine(14) }),
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
  {
    name: 'closed-let-go',
    view: () =>
      closedView({
        closedBy: 'proctor',
        closeReason: 'El equipo dejó de funcionar',
        closeEnding: 'let-go',
      }),
  },
  {
    name: 'closed-revoked',
    view: () =>
      closedView({
        closedBy: 'proctor',
        closeReason: 'El examinado se retiró del aula',
        closeEnding: 'revoked',
      }),
  },
];

/** Opens the kiosk at this state. */
export const bringAbout = async (kiosk: KioskPage, state: ScreenState): Promise<void> => {
  await state.before?.(kiosk);
  await kiosk.show(state.view());
  await state.after?.(kiosk);
};
