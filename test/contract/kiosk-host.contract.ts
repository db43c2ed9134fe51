import { INCIDENT_KINDS } from '#shared/incident/kind.ts';
import { kindPolicy, type Policy } from '#shared/incident/policy.ts';
import type { AttemptId } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { KioskHost, KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { Command } from '#shared/wire/command.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';
import { cameraSample } from '#test/support/fake/camera-sample.ts';
import { faceCapture } from '#test/support/fake/face-capture.ts';

/**
 * What the contract needs around a host: a central server (real or fake) and time. Every step gets a
 * world of its own with a device that was never used.
 */
export interface KioskWorld {
  /** The exam's rules. */
  readonly policy: Policy;
  /** The host of this device, started. */
  open(): Promise<KioskHost>;
  /** The host's process dies where it stands; a new one of the same device, started. */
  reopen(): Promise<KioskHost>;
  /** Lets time pass: real milliseconds, or virtual ones. */
  pass(ms: number): Promise<void>;
  /** A one-time code for this device. */
  code(): Promise<string>;
  /** Somebody with an attempt whose shift is under way. */
  examinee(): Promise<{ readonly document: string; readonly secret: string }>;
  /** The cable between host and server. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  /** What the server has of an attempt. */
  stored(attemptId: AttemptId): Promise<readonly LedgerEntry[]>;
  /** Staff orders something. */
  order(attemptId: AttemptId, command: Command): Promise<void>;
}

/** A world whose examinees are checked by the face. */
export interface FaceKioskWorld extends KioskWorld {
  /**
   * Like `examinee`: somebody whose face is compared, with the challenge, and who is enrolled as `person` of
   * `test/support/fake/face-capture.ts`.
   */
  faceExaminee(): Promise<{
    readonly document: string;
    readonly secret: string;
    readonly person: number;
  }>;
}

/** One behaviour. Throws an `Error` when the host does not show it. No test framework inside: it also runs in a page. */
export interface ContractStep<World extends KioskWorld = KioskWorld> {
  readonly name: string;
  /** Takes more than 10 s of time as the world counts it. */
  readonly slow?: boolean;
  /** A part of the exams that `test/e2e/desktop-kiosk.test.ts` sits with the real screens. */
  readonly satOnDesktop?: boolean;
  run(world: World): Promise<void>;
}

const ensure = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`contract: ${what}`);
};

const same = (actual: unknown, expected: unknown, what: string): void =>
  ensure(
    JSON.stringify(actual) === JSON.stringify(expected),
    `${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`,
  );

/** A picture without content; hosts take a still for what its first bytes say that it is. */
const still = (number: number): Uint8Array =>
  new Uint8Array([0xff, 0xd8, 0xff, ...new TextEncoder().encode(`still ${number}`)]);

/** An act is over so long after its last sign: what comes next is another one, ms. */
const nextActMs = (policy: Policy): number =>
  kindPolicy(policy, 'several-faces').breakMs + policy.episodeGapMs + 500;

/** A host with its latest view, in one world. */
class Visit {
  readonly host: KioskHost;
  readonly #world: KioskWorld;
  readonly #views: KioskView[] = [];
  #stills = 0;

  constructor(world: KioskWorld, host: KioskHost) {
    this.#world = world;
    this.host = host;
    host.subscribe((view) => this.#views.push(view));
  }

  get view(): KioskView {
    const last = this.#views.at(-1);
    if (last === undefined) throw new Error('contract: subscribe gave no view');
    return last;
  }

  get attemptId(): AttemptId {
    const { ticket } = this.view;
    if (ticket === null) throw new Error('contract: no ticket in the view');
    return ticket.attemptId;
  }

  /** Lets time pass until it is so. */
  async until(holds: (view: KioskView) => boolean, what: string, limitMs = 20_000): Promise<void> {
    for (let waited = 0; waited <= limitMs; waited += 50) {
      if (this.#views.length > 0 && holds(this.view)) return;
      await this.#world.pass(50);
    }
    const { stage, attempt, connection, problem } = this.view;
    const seen = { stage, phase: attempt?.phase, connection, problem };
    throw new Error(`contract: never ${what}; ${JSON.stringify(seen)}`);
  }

  /** Performs, letting time pass meanwhile. @returns `ok` or the problem's code. */
  async perform(action: KioskAction): Promise<string> {
    let answer: string | null = null;
    const done = this.host.perform(action).then((outcome) => {
      answer = outcome.ok ? 'ok' : outcome.error.code;
    });
    for (let waited = 0; answer === null && waited < 20_000; waited += 50) {
      await this.#world.pass(50);
    }
    if (answer === null) throw new Error(`contract: ${action.type} was never answered`);
    await done;
    return answer;
  }

  async must(action: KioskAction): Promise<void> {
    same(await this.perform(action), 'ok', action.type);
  }

  /** The camera sees so many people for a while. */
  async look(faces: number, ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 250) {
      this.host.reportCamera(cameraSample(faces, passed % 3));
      this.host.offerStill(still(++this.#stills));
      await this.#world.pass(250);
    }
  }

  /**
   * The page during a check of the face: samples, stills and captures as often as the view asks for them.
   * @param person who sits there.
   * @param turns whether the head is turned as the view asks.
   */
  async face(
    person: number,
    turns: boolean,
    holds: (view: KioskView) => boolean,
    what: string,
  ): Promise<void> {
    for (let frame = 0; frame < 200 && !holds(this.view); frame += 1) {
      const { identity, captureEveryMs } = this.view;
      const asked = identity?.turn === 'left' ? 0.3 : identity?.turn === 'right' ? -0.3 : 0;
      if (captureEveryMs !== null) {
        this.host.reportIdentity(faceCapture(person, { frame, yaw: turns ? asked : 0 }));
      }
      await this.look(1, Math.min(captureEveryMs ?? 250, 250));
    }
    const { identity, attempt } = this.view;
    ensure(
      holds(this.view),
      `never ${what}; ${JSON.stringify({ identity, phase: attempt?.phase })}`,
    );
  }

  /** The same until it is so. */
  async lookUntil(faces: number, holds: (view: KioskView) => boolean, what: string): Promise<void> {
    for (let waited = 0; waited < 20_000 && !holds(this.view); waited += 250) {
      await this.look(faces, 250);
    }
    const { requirements, attempt } = this.view;
    const seen = { requirements, phase: attempt?.phase, copyAttempts: attempt?.copyAttempts };
    ensure(holds(this.view), `never ${what}; ${JSON.stringify(seen)}`);
  }
}

const enrolled = async (world: KioskWorld): Promise<Visit> => {
  const visit = new Visit(world, await world.open());
  await visit.until(({ stage }) => stage === 'not-enrolled', 'not enrolled');
  await visit.must({ type: 'enrol', code: await world.code() });
  await visit.until(({ stage }) => stage === 'signed-out', 'signed out');
  return visit;
};

const signedIn = async (world: KioskWorld): Promise<Visit> => {
  const visit = await enrolled(world);
  await visit.must({ type: 'sign-in', ...(await world.examinee()) });
  await visit.until(({ attempt }) => attempt?.phase === 'device-check', 'in the device check');
  return visit;
};

/** From the device check to after the framing. */
const framed = async (visit: Visit): Promise<void> => {
  await visit.look(1, 1_000);
  await visit.must({ type: 'check-device' });
  await visit.lookUntil(
    1,
    ({ requirements }) =>
      !requirements.some(
        ({ blocks, outcome }) => blocks && (outcome === 'failed' || outcome === 'pending'),
      ),
    'a device that passes',
  );
  await visit.must({ type: 'accept-device' });
  await visit.must({ type: 'accept-rules', locale: 'es' });
  await visit.look(1, 500);
  await visit.must({ type: 'confirm-framing' });
};

const inExam = async (world: KioskWorld): Promise<Visit> => {
  const visit = await signedIn(world);
  await framed(visit);
  await visit.must({ type: 'start-exam' });
  await visit.must({ type: 'pass-gate' });
  await visit.until(({ attempt }) => attempt?.phase === 'in-progress', 'in progress');
  return visit;
};

const firstQuestion = (visit: Visit) => {
  const question = visit.view.form?.questions[0];
  if (question === undefined) throw new Error('contract: no questions in the exam');
  return question;
};

const answerFirst = async (visit: Visit, option: number): Promise<void> => {
  const { id, options } = firstQuestion(visit);
  const optionId = options[option]?.id ?? 'a';
  await visit.must({ type: 'answer', questionId: id, optionIds: [optionId] });
};

const allSent = (visit: Visit): Promise<void> =>
  visit.until(
    ({ connection, savedSeq, sentSeq }) => connection.pending === 0 && savedSeq === sentSeq,
    'everything sent',
    40_000,
  );

const countedUpTo =
  (number: number) =>
  ({ attempt }: KioskView): boolean =>
    attempt?.copyAttempts === number;

const closedAfterThree = async (world: KioskWorld, visit: Visit): Promise<void> => {
  await world.cut();
  for (let n = 1; n <= 3; n += 1) {
    await visit.look(1, n === 1 ? 500 : nextActMs(world.policy));
    await visit.lookUntil(2, countedUpTo(n), `${n} copy attempts`);
  }
};

export const kioskHostContract: readonly ContractStep[] = [
  {
    name: 'says what it can do about every kind',
    run: async (world) => {
      const capabilities = await (await world.open()).capabilities();
      ensure(['electron', 'web', 'fake'].includes(capabilities.kind), 'kind of host');
      ensure(capabilities.version !== '', 'version');
      for (const kind of INCIDENT_KINDS) ensure(kind in capabilities.coverage, `covers ${kind}`);
    },
  },
  {
    name: 'gives every subscriber the current view at once, as plain data, until it stops',
    run: async (world) => {
      const host = await world.open();
      const seen: KioskView[] = [];
      const stop = host.subscribe((view) => seen.push(view));
      for (let waited = 0; seen.length === 0 && waited < 5_000; waited += 50) await world.pass(50);
      ensure(seen.length > 0, 'a view at once');
      const [view] = seen;
      same(structuredClone(view), view, 'plain data');
      stop();
      const before = seen.length;
      const visit = new Visit(world, host);
      await visit.until(({ stage }) => stage === 'not-enrolled', 'not enrolled');
      await visit.must({ type: 'enrol', code: await world.code() });
      await visit.until(({ stage }) => stage === 'signed-out', 'signed out');
      same(seen.length, before, 'views after it stopped');
    },
  },
  {
    name: 'tells wrong codes and credentials by their problem',
    run: async (world) => {
      const visit = new Visit(world, await world.open());
      await visit.until(({ stage }) => stage === 'not-enrolled', 'not enrolled');
      same(await visit.perform({ type: 'enrol', code: 'NO-SUCH' }), 'unknown-code', 'code');
      await visit.must({ type: 'enrol', code: await world.code() });
      const { document } = await world.examinee();
      const wrong: KioskAction = { type: 'sign-in', document, secret: 'not-the-secret' };
      same(await visit.perform(wrong), 'wrong-credentials', 'credentials');
      await world.cut();
      same(await visit.perform(wrong), 'offline', 'cable out');
    },
  },
  {
    name: 'refuses what belongs to another stage',
    run: async (world) => {
      const visit = await signedIn(world);
      const actions: readonly KioskAction[] = [
        { type: 'enrol', code: 'ABCD-1234' },
        { type: 'accept-device' },
        { type: 'accept-rules', locale: 'es' },
        { type: 'confirm-framing' },
        { type: 'start-exam' },
        { type: 'pass-gate' },
        { type: 'submit' },
      ];
      for (const action of actions) {
        same(await visit.perform(action), 'not-in-this-stage', action.type);
      }
      same(visit.view.attempt?.phase, 'device-check', 'phase');
    },
  },
  {
    name: 'takes an exam from the sign-in to the receipt, and the server has every entry',
    satOnDesktop: true,
    run: async (world) => {
      const visit = await inExam(world);
      const { id } = firstQuestion(visit);
      await visit.must({ type: 'visit', questionId: id });
      await answerFirst(visit, 1);
      await visit.must({ type: 'flag', questionId: id, flagged: true });
      ensure((visit.view.endsAt ?? 0) > 0, 'an end of the time');
      await visit.must({ type: 'submit' });
      await visit.until(({ attempt }) => attempt?.phase === 'closed', 'closed');
      await allSent(visit);
      const stored = await world.stored(visit.attemptId);
      same(stored.length, visit.view.savedSeq, 'entries on the server');
      same(stored.at(-1)?.hash, visit.view.attempt?.hash, "the receipt's hash");
      await visit.must({ type: 'sign-out' });
      await visit.until(({ stage }) => stage === 'signed-out', 'signed out');
    },
  },
  {
    name: 'saves answers with the cable out and sends them later',
    satOnDesktop: true,
    run: async (world) => {
      const visit = await inExam(world);
      await allSent(visit);
      await world.cut();
      await answerFirst(visit, 2);
      await visit.until(({ connection }) => !connection.online, 'off line', 40_000);
      ensure(visit.view.connection.pending > 0, 'something pending');
      await world.restore();
      await allSent(visit);
      const stored = await world.stored(visit.attemptId);
      same(stored.filter(({ type }) => type === 'answer-saved').length, 1, 'answers stored');
    },
  },
  {
    name: 'comes back to the same question, answers and count after its process died',
    satOnDesktop: true,
    run: async (world) => {
      const before = await inExam(world);
      const { id } = firstQuestion(before);
      await before.must({ type: 'visit', questionId: id });
      await answerFirst(before, 3);
      const { attempt, savedSeq } = before.view;
      const after = new Visit(world, await world.reopen());
      await after.until(({ attempt: now }) => now?.phase === 'in-progress', 'in progress again');
      same(after.view.attempt?.questionId, id, 'question');
      same(after.view.attempt?.answers, attempt?.answers, 'answers');
      same(after.view.attempt?.copyAttempts, attempt?.copyAttempts, 'copy attempts');
      ensure(after.view.savedSeq > savedSeq, 'the restart on record');
      same(after.view.form?.questions.length, before.view.form?.questions.length, 'questions');
      await allSent(after);
    },
  },
  {
    name: 'does what staff order, once, and says so on record',
    run: async (world) => {
      const visit = await inExam(world);
      const { attemptId } = visit;
      await world.order(attemptId, { type: 'message', text: 'Quedan diez minutos.' });
      await visit.until(({ attempt }) => attempt?.messages.length === 1, 'a message');
      const [message] = visit.view.attempt?.messages ?? [];
      if (message === undefined) throw new Error('contract: no message');
      await visit.must({ type: 'read-message', commandId: message.commandId });
      await world.order(attemptId, { type: 'pause', reason: 'corte de luz' });
      await visit.until(({ attempt }) => attempt?.phase === 'paused', 'paused');
      ensure(visit.view.endsAt === null, 'no end while it stands still');
      ensure((visit.view.frozenRemainingMs ?? 0) > 0, 'time left while it stands still');
      same(await visit.perform({ type: 'submit' }), 'not-in-this-stage', 'submit while paused');
      await world.order(attemptId, { type: 'resume', reason: 'volvió la luz' });
      await visit.until(({ attempt }) => attempt?.phase === 'in-progress', 'resumed');
      await world.order(attemptId, { type: 'close', reason: 'evacuación del aula' });
      await visit.until(({ attempt }) => attempt?.closedBy === 'proctor', 'closed by the proctor');
      same(visit.view.attempt?.closeReason, 'evacuación del aula', 'reason');
      await allSent(visit);
      const stored = await world.stored(attemptId);
      same(stored.filter(({ type }) => type === 'command-applied').length, 4, 'orders on record');
    },
  },
  {
    name: 'counts what the camera sees, with evidence, and a person can dismiss it',
    slow: true,
    run: async (world) => {
      const visit = await inExam(world);
      await visit.look(1, 1_000);
      await visit.lookUntil(2, countedUpTo(1), 'a copy attempt');
      await visit.look(1, 2_000);
      const [incident] = visit.view.attempt?.incidents ?? [];
      if (incident === undefined) throw new Error('contract: nothing was counted');
      same([incident.kind, incident.copyAttempt], ['several-faces', 1], 'incident');
      const { minMs } = kindPolicy(world.policy, 'several-faces');
      ensure(incident.openedT - incident.startedT >= minMs, 'the shortest time that counts');
      ensure(incident.evidence.length > 0, 'evidence');
      await visit.must({ type: 'acknowledge', incidentId: incident.id });
      await visit.must({ type: 'object', incidentId: incident.id, text: 'Pasó el aplicador.' });
      await world.order(visit.attemptId, {
        type: 'dismiss',
        incidentId: incident.id,
        reason: 'era el aplicador',
      });
      await visit.until(({ attempt }) => attempt?.copyAttempts === 0, 'dismissed');
    },
  },
  {
    name: 'closes by itself at the third copy attempt with the cable out, and the server learns it later',
    satOnDesktop: true,
    slow: true,
    run: async (world) => {
      const visit = await inExam(world);
      await closedAfterThree(world, visit);
      await visit.until(({ attempt }) => attempt?.phase === 'closed', 'closed');
      same(visit.view.attempt?.closedBy, 'copy-attempts', 'closed by');
      await world.restore();
      await allSent(visit);
      const stored = await world.stored(visit.attemptId);
      const count = (wanted: string) => stored.filter(({ type }) => type === wanted).length;
      same([count('copy-attempt'), count('attempt-closed')], [3, 1], 'on the server');
      // Nothing fits between the third one and the end: they are one turn of the engine.
      const third = stored.findLastIndex(({ type }) => type === 'copy-attempt');
      same(stored[third + 1]?.type, 'attempt-closed', 'what follows the third copy attempt');
    },
  },
];

/** Before the check of the face. */
const beforeCheck = async (world: FaceKioskWorld) => {
  const visit = await enrolled(world);
  const { document, secret, person } = await world.faceExaminee();
  await visit.must({ type: 'sign-in', document, secret });
  await visit.until(({ attempt }) => attempt?.phase === 'device-check', 'in the device check');
  await framed(visit);
  await visit.until(({ attempt }) => attempt?.phase === 'identity', 'before the check of the face');
  return { visit, person };
};

const inPhase =
  (phase: string) =>
  ({ attempt }: KioskView): boolean =>
    attempt?.phase === phase;

const found =
  (outcome: string) =>
  ({ identity }: KioskView): boolean =>
    identity?.lastOutcome === outcome;

const inFaceExam = async (world: FaceKioskWorld): Promise<Visit> => {
  const { visit, person } = await beforeCheck(world);
  await visit.must({ type: 'begin-identity' });
  await visit.face(person, true, inPhase('waiting'), 'verified');
  await visit.must({ type: 'start-exam' });
  await visit.until(inPhase('in-progress'), 'in progress');
  return visit;
};

const DECIDED = {
  type: 'identity',
  decision: 'verified-in-person',
  authorisedBy: null,
  reason: 'Comparé la cédula con la cara',
} as const;

/** The road of identity (Art. 21, 31, 35h) and the view of the room (Art. 26f). */
export const faceKioskContract: readonly ContractStep<FaceKioskWorld>[] = [
  {
    name: 'lets the enrolled person in by the face, with pictures on record and the template on no screen',
    run: async (world) => {
      const { visit, person } = await beforeCheck(world);
      same(visit.view.identity?.stage, 'ready', 'stage');
      same(visit.view.captureEveryMs, null, 'captures before the button');
      same(await visit.perform({ type: 'start-exam' }), 'not-in-this-stage', 'start');
      await visit.must({ type: 'begin-identity' });
      ensure((visit.view.captureEveryMs ?? 0) > 0, 'captures wanted');
      await visit.face(person, true, inPhase('waiting'), 'verified');
      await visit.must({ type: 'start-exam' });
      await visit.until(inPhase('in-progress'), 'in progress');
      ensure((visit.view.captureEveryMs ?? 0) >= 5_000, 'captures during the exam');
      await allSent(visit);
      const stored = await world.stored(visit.attemptId);
      const [check] = stored.filter(({ type }) => type === 'identity-checked');
      same([check?.data.outcome, check?.data.challenge], ['verified', 'passed'], 'check');
      ensure(Array.isArray(check?.data.evidence) && check.data.evidence.length > 0, 'pictures');
      const told = JSON.stringify([visit.view, stored]);
      ensure(!told.includes('descriptor'), 'no template outside the engine');
    },
  },
  {
    name: 'leaves somebody else to a person, who may let them in, and nothing counts',
    run: async (world) => {
      const { visit, person } = await beforeCheck(world);
      await visit.must({ type: 'begin-identity' });
      await visit.face(person + 1, true, found('no'), 'no match');
      same(visit.view.identity?.triesLeft, 2, 'tries left');
      same(visit.view.attempt?.copyAttempts, 0, 'copy attempts');
      same(await visit.perform({ type: 'start-exam' }), 'not-in-this-stage', 'start');
      await world.order(visit.attemptId, DECIDED);
      await visit.until(inPhase('waiting'), 'let in');
      await visit.must({ type: 'start-exam' });
      await allSent(visit);
    },
  },
  {
    name: 'fails the challenge of a face that does not turn',
    slow: true,
    run: async (world) => {
      const { visit, person } = await beforeCheck(world);
      await visit.must({ type: 'begin-identity' });
      await visit.face(person, false, found('challenge-failed'), 'failed');
      same(visit.view.attempt?.phase, 'identity', 'phase');
    },
  },
  {
    name: 'is ready for another check after its process died in one',
    run: async (world) => {
      const { visit: before, person } = await beforeCheck(world);
      await before.must({ type: 'begin-identity' });
      await before.face(person, true, ({ identity }) => identity?.stage === 'turn', 'a turn');
      const after = new Visit(world, await world.reopen());
      await after.until(inPhase('identity'), 'before the check again');
      same([after.view.identity?.stage, after.view.identity?.triesLeft], ['ready', 3], 'identity');
      await after.look(1, 500);
      await after.must({ type: 'begin-identity' });
      await after.face(person, true, inPhase('waiting'), 'verified');
      await allSent(after);
    },
  },
  {
    name: 'waits for a person when the document is missing',
    run: async (world) => {
      const { visit, person } = await beforeCheck(world);
      await visit.must({ type: 'report-missing-document' });
      await visit.must({ type: 'begin-identity' });
      await visit.face(person, true, found('verified'), 'verified by the face');
      same(visit.view.attempt?.phase, 'identity', 'phase');
      await world.order(visit.attemptId, {
        type: 'identity',
        decision: 'authorised-alternative',
        authorisedBy: 'Ing. Paredes, coordinación DGSA',
        reason: 'Presentó la licencia de conducir',
      });
      await visit.until(inPhase('waiting'), 'let in');
    },
  },
  {
    name: 'stops for a view of the room, and goes on when it is refused, for people to judge',
    run: async (world) => {
      const visit = await inFaceExam(world);
      same(await visit.perform({ type: 'begin-room-scan' }), 'not-in-this-stage', 'not asked for');
      await world.order(visit.attemptId, { type: 'room-scan', reason: 'Se oye otra voz' });
      await visit.until(({ roomScan }) => roomScan?.stage === 'asked', 'asked');
      same(visit.view.attempt?.phase, 'paused', 'phase');
      same(visit.view.roomScan?.reason, 'Se oye otra voz', 'reason');
      await visit.must({ type: 'refuse-room-scan' });
      await visit.until(inPhase('in-progress'), 'going on');
      const kinds = visit.view.attempt?.incidents.map(({ kind, counted }) => [kind, counted]);
      same(kinds, [['room-scan-refused', false]], 'incidents');
      await allSent(visit);
    },
  },
  {
    name: 'shows the room by pictures of a slow turn, also after its process died',
    slow: true,
    run: async (world) => {
      const before = await inFaceExam(world);
      await world.order(before.attemptId, { type: 'room-scan', reason: 'Se oye otra voz' });
      await before.until(({ roomScan }) => roomScan !== null, 'asked');
      await before.must({ type: 'begin-room-scan' });
      await before.lookUntil(1, ({ roomScan }) => (roomScan?.taken ?? 0) > 1, 'pictures');
      const visit = new Visit(world, await world.reopen());
      await visit.until(({ roomScan }) => roomScan?.stage === 'asked', 'asked again');
      await visit.must({ type: 'begin-room-scan' });
      for (let i = 0; i < 3 && visit.view.roomScan !== null; i += 1) await visit.look(1, 12_000);
      await visit.until(inPhase('in-progress'), 'going on');
      await allSent(visit);
      const scans = (await world.stored(visit.attemptId)).filter(
        ({ type }) => type === 'room-scanned',
      );
      same([scans.length, scans[0]?.data.outcome], [1, 'shown'], 'views of the room');
      ensure(
        Array.isArray(scans[0]?.data.evidence) && scans[0].data.evidence.length >= 8,
        'pictures',
      );
    },
  },
];
