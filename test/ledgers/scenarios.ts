import fc from 'fast-check';
import { ACCOMMODATIONS, accommodate } from '#shared/incident/accommodation.ts';
import { CATALOGUE, DEFAULT_POLICY, needsCamera } from '#shared/incident/catalogue.ts';
import { INCIDENT_KINDS, type IncidentKind } from '#shared/incident/kind.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { QuestionId } from '#shared/kernel/ids.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { Signal } from '#shared/ports/sensor.port.ts';
import { descriptorOf, templateFor } from '#test/support/fake/face-capture.ts';
import type { FakeExam } from '#test/support/fake/fake-exam.ts';
import { type HostName, type PlayedWorld, playedWorld } from './played.ts';

/** One attempt that is played and kept. */
export interface Scenario {
  readonly name: string;
  play(): Promise<PlayedWorld>;
}

const reason = 'Para el archivo de expedientes';
const CODE = 'K7M2-0XQ1';
const FACE: FakeExam = {
  identity: { check: 'face', enrolled: true, challenge: true },
  template: templateFor(1),
  exitCode: CODE,
};
const q = (id: string) => id as QuestionId;

interface Setting {
  readonly exam?: FakeExam;
  readonly policy?: (policy: Policy) => Policy;
}

/** A scenario of an exam that has begun. */
const exam = (
  name: string,
  host: HostName,
  play: (world: PlayedWorld) => Promise<unknown>,
  { exam: options = { exitCode: CODE }, policy = (own) => own }: Setting = {},
): Scenario => ({
  name: `${name}-${host}`,
  play: async () => {
    const world = playedWorld(host, options, policy);
    await world.toWaiting();
    if (options.identity?.check === 'face') await world.checkIdentity();
    await world.must({ type: 'start-exam' });
    await play(world);
    return world;
  },
});

/** A scenario that never comes to the exam, or comes there its own way. */
const before = (
  name: string,
  host: HostName,
  play: (world: PlayedWorld) => Promise<unknown>,
  options: FakeExam = {},
): Scenario => ({
  name: `${name}-${host}`,
  play: async () => {
    const world = playedWorld(host, options);
    await play(world);
    return world;
  },
});

/** Sees to it that no third copy attempt stands. */
const forgive = async (world: PlayedWorld): Promise<void> => {
  const incident = world.standing();
  if (incident === undefined) return;
  world.order({ type: 'dismiss', incidentId: incident.id, reason });
  await world.time.advance(2_000);
};

const everyKind = async (world: PlayedWorld): Promise<void> => {
  for (const kind of INCIDENT_KINDS) {
    const { minMs } = CATALOGUE[kind].policy;
    // Too short to be anything, then long enough, far from each other.
    if (minMs > 300) await world.observe(kind, minMs - 200);
    await world.time.advance(30_000);
    await world.observe(kind, minMs === 0 ? 0 : minMs + 700);
    await forgive(world);
  }
  await world.must({ type: 'submit' });
  await world.time.advance(5_000);
};

/** Kinds without a duration may last too. */
const everyKindLasting = async (world: PlayedWorld): Promise<void> => {
  for (const kind of INCIDENT_KINDS.filter((one) => CATALOGUE[one].policy.minMs === 0)) {
    await world.time.advance(31_000);
    await world.observe(kind, 1_500);
    await forgive(world);
  }
  world.order({ type: 'close', reason });
  await world.time.advance(5_000);
};

const strikes = async (world: PlayedWorld, count: number): Promise<void> => {
  for (let i = 0; i < count; i += 1) await world.copyAttempt();
  await world.time.advance(8_000);
};

/** What programs that read aloud do with the clipboard; then something that comes from outside. */
const readsAloud = async (world: PlayedWorld): Promise<void> => {
  for (const [kind, facts] of [
    ['clipboard', { action: 'copy' }],
    ['outside-input', { cause: 'clipboard-text' }],
    ['clipboard', { action: 'paste' }],
  ] as const) {
    world.engine.signal({ kind, phase: 'happened', ageMs: 0, facts });
    await world.time.advance(40_000);
  }
};

const GATED: Setting = { exam: { exitCode: CODE, gate: DEFAULT_POLICY.gate ?? null } };

const inside = async (world: PlayedWorld): Promise<void> => {
  await world.must({ type: 'pass-gate' });
  await world.until(({ attempt }) => attempt?.gate === null, 'counting', 2 * MINUTE);
};

/** Held back before, counted after; the machine counts all along. */
const gatePassed = async (world: PlayedWorld): Promise<void> => {
  await world.observe('no-face', 9_000);
  await world.observe('focus-lost', 1_000);
  world.sensor.begin('turned-away');
  await world.time.advance(20_000);
  await inside(world);
  await world.time.advance(10_000);
  world.sensor.end('turned-away');
  await world.time.advance(20_000);
  await forgive(world);
  await world.observe('no-face', 9_000);
  await world.must({ type: 'submit' });
  await world.time.advance(5_000);
};

const gateNeverPressed = async (world: PlayedWorld): Promise<void> => {
  for (const kind of INCIDENT_KINDS.filter(needsCamera)) await world.observe(kind, 12_000);
  await world.observe('focus-lost', 1_000);
  await world.time.advance(2 * MINUTE);
};

/** A pause, and a closing that was dismissed: each asks anew. */
const gateAnew = async (world: PlayedWorld): Promise<void> => {
  await inside(world);
  world.order({ type: 'pause', reason });
  await world.time.advance(5_000);
  world.order({ type: 'resume', reason });
  await world.observe('no-face', 9_000);
  await inside(world);
  await strikes(world, 3);
  await forgive(world);
  await world.observe('several-faces', 4_000);
  await inside(world);
  await world.observe('several-faces', 4_000);
  await world.time.advance(5_000);
};

const answers = async (world: PlayedWorld): Promise<void> => {
  for (const [id, option] of [
    ['q1', 'a'],
    ['q2', 'b'],
    ['q3', 'c'],
    ['q1', 'd'],
  ] as const) {
    await world.must({ type: 'visit', questionId: q(id) });
    await world.must({ type: 'answer', questionId: q(id), optionIds: [option] });
    await world.time.advance(3_000);
  }
  await world.must({ type: 'flag', questionId: q('q2'), flagged: true });
  await world.must({ type: 'flag', questionId: q('q1'), flagged: true });
  await world.must({ type: 'flag', questionId: q('q1'), flagged: false });
};

const objection = async (world: PlayedWorld): Promise<void> => {
  const incident = world.standing();
  if (incident === undefined) throw new Error('nothing to object to');
  await world.must({ type: 'acknowledge', incidentId: incident.id });
  await world.must({
    type: 'object',
    incidentId: incident.id,
    text: 'No estoy de acuerdo: fue el teclado. 𝕬 ñ',
  });
};

const orders = async (world: PlayedWorld): Promise<void> => {
  await answers(world);
  world.order({ type: 'message', text: 'Quedan diez minutos' });
  await world.time.advance(1_000);
  const message = world.view.attempt?.messages.at(-1);
  if (message === undefined) throw new Error('no message');
  await world.must({ type: 'read-message', commandId: message.commandId });
  world.order({ type: 'resume', reason });
  await world.time.advance(1_000);
  world.order({ type: 'pause', reason });
  await world.time.advance(20_000);
  world.order({ type: 'pause', reason });
  await world.time.advance(1_000);
  world.order({ type: 'resume', reason });
  await world.time.advance(5_000);
  await world.copyAttempt();
  await objection(world);
  const id = world.standing()?.id;
  if (id === undefined) throw new Error('nothing to dismiss');
  world.order({ type: 'dismiss', incidentId: id, reason });
  world.order({ type: 'dismiss', incidentId: id, reason });
  world.order({ type: 'dismiss', incidentId: 'clipboard-1' as typeof id, reason });
  await world.time.advance(2_000);
  world.order({ type: 'release', reason });
  world.order({ type: 'release', reason });
  await world.time.advance(15_000);
  world.order({ type: 'resume', reason });
  await world.time.advance(3_000);
  for (const [decision, authorisedBy] of [
    ['verified-in-person', null],
    ['digital-id-validated', null],
    ['authorised-alternative', 'Decana de la facultad'],
    ['refused', null],
    ['verified-in-person', 'Nadie'],
  ] as const) {
    world.order({ type: 'identity', decision, authorisedBy, reason });
    await world.time.advance(1_000);
  }
  world.order({ type: 'room-scan', reason });
  await world.time.advance(1_000);
  await world.must({ type: 'begin-room-scan' });
  await world.until(({ attempt }) => attempt?.phase === 'in-progress', 'shown', 200_000);
  await world.time.advance(8_000);
  world.order({ type: 'room-scan', reason });
  await world.time.advance(1_000);
  await world.must({ type: 'refuse-room-scan' });
  await world.time.advance(8_000);
  world.order({ type: 'room-scan', reason });
  await world.until(({ attempt }) => attempt?.phase === 'paused', 'asked');
  world.order({ type: 'room-scan', reason });
  await world.until(({ attempt }) => attempt?.phase === 'in-progress', 'given up', 400_000);
  await world.time.advance(8_000);
  await world.do({ type: 'staff-exit', code: 'AAAA-0000', reason });
  await world.must({ type: 'staff-exit', code: CODE, reason });
  await world.time.advance(9_000);
  world.order({ type: 'resume', reason });
  await world.time.advance(3_000);
  world.order({ type: 'close', reason });
  await world.time.advance(3_000);
  for (const command of [
    { type: 'close', reason },
    { type: 'pause', reason },
    { type: 'resume', reason },
    { type: 'release', reason },
    { type: 'room-scan', reason },
    { type: 'identity', decision: 'refused', authorisedBy: null, reason },
    { type: 'message', text: 'Puede retirarse' },
  ] as const) {
    world.order(command);
    await world.time.advance(500);
  }
  await world.time.advance(5_000);
};

/** What lasts through pauses, crashes and closings, restated sooner and later. */
const carried =
  (stop: 'pause' | 'crash' | 'dismiss', backAfterMs: number) =>
  async (world: PlayedWorld): Promise<void> => {
    if (stop === 'dismiss') {
      await world.copyAttempt();
      await world.copyAttempt();
      await world.time.advance(40_000);
    }
    world.sensor.begin('extra-display');
    await world.time.advance(4_000);
    world.sensor.lasting.delete('extra-display');
    if (stop === 'crash') await world.crash(6_000);
    else if (stop === 'pause') {
      world.order({ type: 'pause', reason });
      await world.time.advance(7_000);
      world.order({ type: 'resume', reason });
      await world.time.advance(200);
    } else await forgive(world);
    await world.time.advance(backAfterMs);
    world.sensor.begin('extra-display');
    await world.time.advance(6_000);
    world.sensor.end('extra-display');
    await world.time.advance(20_000);
  };

/** Two acts, so far apart: one episode or two. */
const apart =
  (first: IncidentKind, second: IncidentKind, gapMs: number) =>
  async (world: PlayedWorld): Promise<void> => {
    await world.time.advance(10_000);
    await pulse(world, first);
    await world.time.advance(gapMs);
    await pulse(world, second);
    await world.time.advance(40_000);
  };

const pulse = async (world: PlayedWorld, kind: IncidentKind): Promise<void> => {
  const { minMs } = CATALOGUE[kind].policy;
  if (minMs === 0) return world.sensor.happen(kind);
  world.sensor.begin(kind);
  await world.time.advance(minMs + 300);
  world.sensor.end(kind);
};

/** Something that lasts, interrupted for so long. */
const broken =
  (kind: IncidentKind, lastsMs: number, breakMs: number) =>
  async (world: PlayedWorld): Promise<void> => {
    await world.time.advance(10_000);
    for (let i = 0; i < 3; i += 1) {
      world.sensor.begin(kind);
      await world.time.advance(lastsMs);
      world.sensor.end(kind);
      await world.time.advance(breakMs);
    }
    await world.time.advance(40_000);
  };

type Step =
  | { readonly do: 'signal'; readonly signal: Signal }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'faces'; readonly faces: number | null }
  | {
      readonly do: 'order';
      readonly order: 'pause' | 'resume' | 'dismiss' | 'room-scan' | 'release';
    }
  | { readonly do: 'crash'; readonly ms: number }
  | { readonly do: 'sleep'; readonly ms: number }
  | { readonly do: 'suspend'; readonly ms: number };

const ms = (max: number) => fc.integer({ min: 0, max });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('signal' as const),
      signal: fc.record({
        kind: fc.constantFrom(...INCIDENT_KINDS),
        phase: fc.constantFrom(
          'began' as const,
          'began' as const,
          'ended' as const,
          'happened' as const,
        ),
        ageMs: fc.oneof(fc.constant(0), ms(3_000)),
        facts: fc.constant({}),
      }),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: ms(2_500) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: ms(20_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('faces' as const),
      faces: fc.constantFrom(0, 1, 2, null),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      order: fc.constantFrom(
        'pause' as const,
        'resume' as const,
        'resume' as const,
        'dismiss' as const,
        'dismiss' as const,
        'room-scan' as const,
        'release' as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('crash' as const, 'sleep' as const, 'suspend' as const), ms(30_000))
      .map(([what, forMs]) => ({ do: what, ms: forMs })),
  },
);

const take = async (world: PlayedWorld, next: Step): Promise<void> => {
  if (next.do === 'signal') world.engine.signal(next.signal);
  else if (next.do === 'faces') world.faces = next.faces;
  else if (next.do === 'pass') await world.time.advance(next.ms);
  else if (next.do === 'sleep') world.time.sleep(next.ms);
  else if (next.do === 'suspend') world.time.suspend(next.ms);
  else if (next.do === 'crash') await world.crash(next.ms);
  else if (next.order === 'dismiss') await forgive(world);
  else world.order({ type: next.order, reason });
};

/** Anything, always the same for the same seed. */
const anything = (seed: number): Scenario => {
  const [steps = []] = fc.sample(fc.array(step, { minLength: 40, maxLength: 70, size: 'max' }), {
    seed,
    numRuns: 1,
  });
  const limit = seed % 2 === 0 ? 3 : 10;
  return exam(
    `anything-${String(seed).padStart(2, '0')}`,
    seed % 3 === 0 ? 'web' : 'electron',
    async (world) => {
      for (const next of steps) await take(world, next);
      world.faces = 1;
      await world.time.advance(20_000);
    },
    { policy: (own) => ({ ...own, copyAttemptLimit: limit }) },
  );
};

const HOST_NAMES: readonly HostName[] = ['electron', 'web'];
const both = (make: (host: HostName) => Scenario): readonly Scenario[] => HOST_NAMES.map(make);

/** Every kind, every order, every ending, both hosts; and both sides of each of the rules' own thresholds. */
export const SCENARIOS: readonly Scenario[] = [
  ...both((host) =>
    exam('every-kind', host, everyKind, {
      exam: { durationMs: 120 * MINUTE, shiftMs: 180 * MINUTE },
    }),
  ),
  ...both((host) => exam('every-kind-lasting', host, everyKindLasting)),
  ...both((host) => exam('every-order', host, orders)),
  ...both((host) =>
    exam('closed-by-examinee', host, async (world) => {
      await answers(world);
      await world.must({ type: 'submit' });
      await world.time.advance(3_000);
    }),
  ),
  ...both((host) =>
    exam(
      'closed-by-time',
      host,
      async (world) => {
        await answers(world);
        await world.until(({ attempt }) => attempt?.phase === 'closed', 'over', 4 * MINUTE);
        await world.time.advance(3_000);
      },
      { exam: { durationMs: 2 * MINUTE } },
    ),
  ),
  ...both((host) =>
    exam(
      'closed-by-the-shift',
      host,
      async (world) => {
        await world.until(({ attempt }) => attempt?.phase === 'closed', 'over', 4 * MINUTE);
        await world.time.advance(3_000);
      },
      { exam: { shiftMs: 2 * MINUTE } },
    ),
  ),
  ...both((host) =>
    exam('closed-by-copy-attempts', host, async (world) => {
      await answers(world);
      await strikes(world, 3);
      await objection(world);
    }),
  ),
  ...both((host) =>
    exam('closed-by-proctor', host, async (world) => {
      world.order({ type: 'close', reason });
      await world.time.advance(3_000);
    }),
  ),
  ...both((host) =>
    exam('reopened-and-submitted', host, async (world) => {
      await strikes(world, 3);
      await forgive(world);
      await world.time.advance(5_000);
      await strikes(world, 1);
      await forgive(world);
      await world.time.advance(5_000);
      await world.must({ type: 'submit' });
      await world.time.advance(3_000);
    }),
  ),
  ...both((host) => exam('still-going', host, answers)),
  exam('closed-by-copy-attempts-off-line', 'electron', async (world) => {
    world.server.cut();
    await strikes(world, 3);
    world.server.restore();
    await world.time.advance(30_000);
  }),
  exam('died-at-the-third', 'electron', async (world) => {
    await strikes(world, 2);
    await world.time.advance(40_000);
    world.ledger.onAppend((entry) => {
      if (entry.type === 'copy-attempt') world.ledger.powerOffAfter(world.ledger.appends);
    });
    world.sensor.happen('print');
    await world.time.advance(500);
    world.ledger.onAppend(() => undefined);
    await world.crash(3_000);
    await world.time.advance(10_000);
  }),
  exam('died-before-the-incident', 'web', async (world) => {
    await world.time.advance(40_000);
    world.ledger.onAppend((entry) => {
      if (entry.type === 'observation') world.ledger.powerOffAfter(world.ledger.appends);
    });
    world.sensor.happen('print');
    await world.time.advance(500);
    world.ledger.onAppend(() => undefined);
    await world.crash(3_000);
    await world.time.advance(10_000);
    await world.must({ type: 'submit' });
    await world.time.advance(3_000);
  }),
  before('never-began', 'electron', async (world) => {
    await world.start();
    await world.toWaiting();
  }),
  before('only-opened', 'web', async (world) => {
    await world.start();
    await world.must({ type: 'enrol', code: 'AULA-0001' });
    await world.must({ type: 'sign-in', document: world.document, secret: 'secreto' });
    await world.time.advance(500);
  }),
  before(
    'document-missing',
    'electron',
    async (world) => {
      await world.toWaiting();
      await world.must({ type: 'report-missing-document' });
      world.order({ type: 'identity', decision: 'refused', authorisedBy: null, reason });
      await world.time.advance(2_000);
      world.order({
        type: 'identity',
        decision: 'authorised-alternative',
        authorisedBy: 'Decana de la facultad',
        reason,
      });
      await world.time.advance(2_000);
      await world.must({ type: 'start-exam' });
      await world.time.advance(3_000);
      await world.must({ type: 'submit' });
      await world.time.advance(2_000);
    },
    FACE,
  ),
  before(
    'decided-at-the-machine',
    'web',
    async (world) => {
      await world.toWaiting();
      world.server.cut();
      const decision = { decision: 'verified-in-person', authorisedBy: null, reason } as const;
      await world.do({ type: 'staff-identity', code: 'AAAA-0000', ...decision });
      await world.must({ type: 'staff-identity', code: CODE, ...decision });
      world.server.restore();
      await world.time.advance(5_000);
      await world.must({ type: 'start-exam' });
      await strikes(world, 1);
    },
    FACE,
  ),
  before(
    'refused-by-a-person',
    'web',
    async (world) => {
      await world.toWaiting();
      world.order({ type: 'identity', decision: 'refused', authorisedBy: null, reason });
      await world.time.advance(2_000);
    },
    FACE,
  ),
  before(
    'every-outcome-of-the-face',
    'electron',
    async (world) => {
      await world.toWaiting();
      world.person = 2;
      await world.checkIdentity();
      world.person = 1;
      world.pose = 0;
      await world.checkIdentity();
      world.pose = 'as-asked';
      world.spoilt = { descriptor: [...descriptorOf(1, 0.58)] };
      await world.checkIdentity();
      world.order({
        type: 'identity',
        decision: 'digital-id-validated',
        authorisedBy: null,
        reason,
      });
      await world.time.advance(2_000);
      await world.must({ type: 'start-exam' });
      await world.time.advance(3_000);
    },
    FACE,
  ),
  before(
    'nobody-to-compare',
    'web',
    async (world) => {
      await world.toWaiting();
      world.faces = 0;
      await world.checkIdentity();
      world.faces = 1;
      await world.checkIdentity();
    },
    FACE,
  ),
  before(
    'not-enrolled',
    'electron',
    async (world) => {
      await world.toWaiting();
      await world.checkIdentity();
    },
    { ...FACE, identity: { check: 'face', enrolled: false, challenge: true } },
  ),
  exam(
    'another-person',
    'electron',
    async (world) => {
      world.person = 2;
      await world.time.advance(3 * MINUTE);
      world.person = 1;
      await world.time.advance(MINUTE);
    },
    { exam: FACE },
  ),
  exam(
    'camera-exempt',
    'web',
    async (world) => {
      world.sensor.begin('no-face');
      await world.time.advance(20_000);
      await strikes(world, 1);
      world.order({ type: 'room-scan', reason });
      await world.time.advance(2_000);
    },
    { exam: { cameraExempt: true } },
  ),
  ...ACCOMMODATIONS.map((code, i) =>
    exam(
      `accommodated-${code}`,
      HOST_NAMES[i % 2] ?? 'web',
      async (world) => {
        for (const kind of ['turned-away', 'off-frame', 'no-face', 'several-faces'] as const) {
          const { minMs } = CATALOGUE[kind].policy;
          await world.observe(kind, minMs + 700);
          await world.observe(kind, 3 * minMs + 700);
          await world.time.advance(30_000);
          await forgive(world);
        }
        await strikes(world, 1);
      },
      { policy: (own) => accommodate(own, new Set([code])) },
    ),
  ),
  exam('the-first-closes', 'web', (world) => strikes(world, 1), {
    policy: (own) => ({ ...own, copyAttemptLimit: 1 }),
  }),
  exam('ten-close', 'electron', (world) => strikes(world, 10), {
    policy: (own) => ({ ...own, copyAttemptLimit: 10 }),
  }),
  exam(
    'a-technical-kind-that-should-count',
    'electron',
    async (world) => {
      await world.observe('device-failure', 9_000);
      await world.observe('connectivity-lost', 20_000);
      await world.observe('power', 0);
    },
    {
      policy: (own) => ({
        ...own,
        kinds: Object.fromEntries(
          Object.entries(own.kinds).map(([kind, one]) => [kind, { ...one, effect: 'count' }]),
        ) as Policy['kinds'],
      }),
    },
  ),
  exam('everything-ignored', 'web', everyKindLasting, {
    policy: (own) => ({
      ...own,
      kinds: Object.fromEntries(
        Object.entries(own.kinds).map(([kind, one]) => [kind, { ...one, effect: 'ignore' }]),
      ) as Policy['kinds'],
    }),
  }),
  exam('limits-and-checkpoints', 'electron', async (world) => {
    world.limit({ 'forbidden-app': { reason: 'sensor-failed', partly: false } });
    await world.time.advance(2_000);
    world.limit({});
    for (let i = 0; i < 60; i += 1) {
      await world.must({ type: 'visit', questionId: q(`q${(i % 3) + 1}`) });
      await world.time.advance(300);
    }
    world.faces = 3;
    await world.time.advance(6_000);
    world.faces = null;
    await world.time.advance(12_000);
    world.faces = 1;
    await world.time.advance(10_000);
  }),
  exam('clocks', 'web', async (world) => {
    await world.copyAttempt();
    world.time.moveWallClock(-30 * MINUTE);
    await world.time.advance(5_000);
    world.time.sleep(20_000);
    await world.time.advance(5_000);
    world.time.suspend(9_000);
    await world.time.advance(5_000);
    world.time.moveWallClock(45 * MINUTE);
    await world.crash(90_000);
    await world.time.advance(5_000);
    await world.copyAttempt();
    await world.must({ type: 'submit' });
    await world.time.advance(2_000);
  }),
  ...(['pause', 'crash', 'dismiss'] as const).flatMap((stop) =>
    [1_000, 13_000, 14_500, 15_500, 30_000].map((wait, i) =>
      exam(`back-after-${stop}-${wait}`, HOST_NAMES[i % 2] ?? 'web', carried(stop, wait)),
    ),
  ),
  ...([4_000, 4_900, 5_100, 6_500] as const).map((gap) =>
    exam(`apart-camera-${gap}`, 'electron', apart('no-face', 'turned-away', gap)),
  ),
  ...([2_500, 2_900, 3_100, 4_500] as const).map((gap) =>
    exam(`apart-across-${gap}`, 'web', apart('peripheral', 'camera-off', gap)),
  ),
  ...([1_000, 2_500] as const).map((gap) =>
    exam(`apart-identity-${gap}`, 'web', apart('second-session', 'clipboard', gap)),
  ),
  exam('apart-technical', 'web', apart('device-failure', 'clipboard', 500)),
  exam('apart-person', 'electron', apart('manual', 'clipboard', 500)),
  exam(
    'one-long-episode',
    'electron',
    async (world) => {
      await world.time.advance(10_000);
      for (let i = 0; i < 14; i += 1) {
        world.sensor.happen(i % 2 === 0 ? 'clipboard' : 'print');
        await world.time.advance(4_000);
      }
      await world.time.advance(20_000);
    },
    { policy: (own) => ({ ...own, copyAttemptLimit: 10 }) },
  ),
  exam('many-episodes-while-one-lasts', 'web', async (world) => {
    await world.time.advance(10_000);
    world.sensor.begin('off-frame');
    await world.time.advance(1_000);
    for (let i = 0; i < 12; i += 1) {
      world.sensor.happen('second-ip');
      await world.time.advance(9_000);
      world.sensor.happen('clipboard');
      await world.time.advance(9_000);
      await forgive(world);
    }
    world.sensor.end('off-frame');
    await world.time.advance(20_000);
  }),
  exam('a-held-key', 'electron', async (world) => {
    await world.time.advance(10_000);
    for (let i = 0; i < 70; i += 1) {
      world.sensor.happen('clipboard');
      await world.time.advance(900);
    }
    await world.time.advance(20_000);
  }),
  ...(
    [
      ['focus-lost', 1_000, 300],
      ['focus-lost', 1_000, 500],
      ['no-face', 3_000, 900],
      ['no-face', 3_000, 1_100],
      ['camera-frozen', 3_000, 100],
      ['no-face', 6_000, 700],
      ['turned-away', 6_000, 650],
    ] as const
  ).map(([kind, lasts, gap], i) =>
    exam(`broken-${kind}-${lasts}-${gap}`, HOST_NAMES[i % 2] ?? 'web', broken(kind, lasts, gap)),
  ),
  exam('found-out-late', 'electron', async (world) => {
    await world.time.advance(5_000);
    world.sensor.begin('focus-lost');
    await world.time.advance(340);
    world.engine.signal({ kind: 'focus-lost', phase: 'ended', ageMs: 150, facts: {} });
    await world.time.advance(10_000);
    world.engine.signal({
      kind: 'forbidden-app',
      phase: 'began',
      ageMs: 60_000,
      facts: { name: 'x' },
    });
    await world.time.advance(40_000);
    world.engine.signal({ kind: 'forbidden-app', phase: 'ended', ageMs: 0, facts: {} });
    await world.time.advance(10_000);
  }),
  exam(
    'exempt-by-the-flag-alone',
    'web',
    async (world) => {
      await world.observe('no-face', 20_000);
      await world.observe('identity-mismatch', 2_000);
      await strikes(world, 1);
    },
    { policy: (own) => ({ ...own, cameraExempt: true }) },
  ),
  exam('a-key-again', 'electron', async (world) => {
    await world.time.advance(10_000);
    for (const gap of [990, 1_010, 1_200, 1_490]) {
      world.sensor.happen('clipboard');
      await world.time.advance(gap);
    }
    await world.time.advance(20_000);
  }),
  ...Array.from({ length: 24 }, (_, i) => anything(i + 1)),
  exam('reads-by-clipboard', 'electron', readsAloud, {
    policy: (own) => ({ ...own, readsByClipboard: true }),
  }),
  exam('reads-by-clipboard-not-allowed', 'electron', readsAloud),
  // Rules of version 2: nobody is judged by the camera before the gate, and what lasted is stated again after it.
  ...(['electron', 'web'] as const).flatMap((host) => [
    exam('gate-passed', host, gatePassed, GATED),
    exam('gate-never-pressed', host, gateNeverPressed, GATED),
    exam('gate-anew', host, gateAnew, GATED),
  ]),
];
