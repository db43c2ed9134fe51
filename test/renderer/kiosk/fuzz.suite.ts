import Type, { type Static, type TSchema } from 'typebox';
import { beforeAll, describe, expect, it } from 'vitest';
import { applyEntry } from '#shared/attempt/apply-entry.ts';
import { type AttemptState, EMPTY_ATTEMPT } from '#shared/attempt/attempt-state.ts';
import { type Form, FormSchema, type Ticket, TicketSchema } from '#shared/exam/ticket.ts';
import { CheckOutcomeSchema } from '#shared/identity/identity-facts.ts';
import { IncidentKindSchema } from '#shared/incident/kind.ts';
import { MOST } from '#shared/kernel/bounds.ts';
import { CONNECTION_CAUSES, connectionFault } from '#shared/kernel/connection-fault.ts';
import { type Problem, ProblemSchema } from '#shared/kernel/problem.ts';
import { EpochMsSchema } from '#shared/kernel/time.ts';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import { type Requirement, RequirementSchema } from '#shared/wire/kiosk-view.ts';
import { amount, patience, RUN, SEED } from '#test/fuzz/amount.ts';
import { fitting, pick, type Random, randomOf } from '#test/fuzz/from-schema.ts';
import { someEntries } from '#test/fuzz/messages.ts';
import { type KioskHarness, type KioskPage, sharedHarness } from './harness/kiosk-page.ts';
import { inExam, viewOf } from './views.ts';

const VIEWS = amount(150);
/** Views between two looks at the page. */
const AT_ONCE = 50;

let harness: KioskHarness;
beforeAll(async () => {
  harness = await sharedHarness();
});

const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);
const SpanSchema = Type.Integer({ minimum: 0, maximum: MOST });
const WarningSchema = Type.Object({
  kind: IncidentKindSchema,
  countsAt: EpochMsSchema,
  counts: Type.Boolean(),
});
const words = (list: readonly string[]) => Type.Union(list.map((word) => Type.Literal(word)));
const IdentitySchema = Type.Object({
  stage: words(['ready', 'looking', 'turn', 'back', 'ending']),
  turn: orNull(words(['left', 'right'])),
  turnsDone: Type.Integer({ minimum: 0, maximum: 9 }),
  turnsAsked: Type.Integer({ minimum: 0, maximum: 9 }),
  advice: orNull(words(['nobody', 'two-people', 'move-closer', 'centre', 'more-light'])),
  endsAt: orNull(EpochMsSchema),
  lastOutcome: orNull(CheckOutcomeSchema),
  triesLeft: Type.Integer({ minimum: 0, maximum: 9 }),
});
const RoomScanSchema = Type.Object({
  stage: words(['asked', 'running']),
  reason: Type.String({ maxLength: 500 }),
  from: Type.String({ maxLength: 120 }),
  taken: Type.Integer({ minimum: 0, maximum: 40 }),
  wanted: Type.Integer({ minimum: 0, maximum: 40 }),
  endsAt: EpochMsSchema,
});
const PHASES = [
  'device-check',
  'rules',
  'framing',
  'identity',
  'waiting',
  'in-progress',
  'in-progress',
  'paused',
  'closed',
] as const;

const unique = <T>(all: readonly T[], key: (one: T) => string): T[] => [
  ...new Map(all.map((one) => [key(one), one])).values(),
];

/** An attempt as the engine would have it after whatever a ledger said and whoever ordered what. */
const attemptOf = (random: Random, { policy, attemptId }: Ticket): AttemptState => {
  const phase = pick(random, PHASES);
  const began = phase === 'in-progress' || phase === 'paused' || phase === 'closed';
  const state: AttemptState = {
    ...EMPTY_ATTEMPT,
    policy,
    phase,
    ...(began ? { startedT: 0, durationMs: 3_600_000, shiftEndsT: 4_000_000 } : {}),
  };
  const entries = someEntries(random, attemptId, Math.floor(random() * 12));
  return { ...entries.reduce(applyEntry, state), phase };
};

/** A view of the host, whose parts are all that their schemas let through. */
const viewBy = (random: Random): KioskView => {
  const make = <S extends TSchema>(schema: S): Static<S> => fitting(schema, random) as Static<S>;
  const some = <S extends TSchema>(schema: S): Static<S>[] =>
    Array.from({ length: Math.floor(random() * 4) }, () => make(schema));
  const ticket = make(TicketSchema) as Ticket;
  const drawn = make(FormSchema) as Form;
  // Two of one name are a fault of the draw, which its own tests look for.
  const questions = unique(drawn.questions, ({ id }) => id).map((question) => ({
    ...question,
    options: question.options.map((option, i) => ({ ...option, id: 'abcd'.charAt(i) })),
  }));
  const attempt = random() < 0.95 ? attemptOf(random, ticket) : null;
  return viewOf({
    stage: pick(random, ['attempt', 'attempt', 'attempt', 'attempt', 'signed-out', 'starting']),
    device: random() < 0.5 ? null : { id: 'd', name: make(Type.String({ maxLength: 80 })) },
    connection: {
      online: random() < 0.5,
      looking: random() < 0.3,
      fault: random() < 0.5 ? null : connectionFault(pick(random, CONNECTION_CAUSES), 'ECONNRESET'),
      pending: make(SpanSchema),
      latencyMs: make(orNull(SpanSchema)),
    },
    clockOffsetMs: make(orNull(Type.Integer({ minimum: -MOST, maximum: MOST }))),
    ticket,
    form: random() < 0.1 ? null : { ...drawn, questions },
    attempt,
    requirements: unique(some(RequirementSchema) as Requirement[], ({ id }) => id),
    savedSeq: make(SpanSchema),
    sentSeq: make(SpanSchema),
    endsAt: make(orNull(EpochMsSchema)),
    frozenRemainingMs: make(orNull(SpanSchema)),
    warnings: unique(some(WarningSchema), ({ kind }) => kind),
    identity: make(orNull(IdentitySchema)) as KioskView['identity'],
    roomScan: make(orNull(RoomScanSchema)) as KioskView['roomScan'],
    cameraCountsAt: make(orNull(EpochMsSchema)),
    problem: make(orNull(ProblemSchema)) as Problem | null,
  });
};

/** Shows them one after the other, each drawn before the next. */
const showAll = (kiosk: KioskPage, views: readonly KioskView[]) =>
  kiosk.page.evaluate(async (all) => {
    const broken = new Set<string>();
    for (const view of all) {
      window.harness.host.show(view);
      await new Promise((done) => setTimeout(done));
      const part = document.querySelector('[data-broken]');
      if (part !== null) broken.add(`${part.outerHTML} at ${JSON.stringify(view)}`);
    }
    return { broken: [...broken], drawn: document.body.innerText.length };
  }, views);

describe('whatever a server may send', () => {
  it(
    `${VIEWS} states: no screen is white or broken, and the next exam is shown`,
    async () => {
      const random = randomOf(SEED + 10);
      const kiosk = await harness.open();
      for (let n = 0; n < VIEWS; n += AT_ONCE) {
        const views = Array.from({ length: Math.min(AT_ONCE, VIEWS - n) }, () => viewBy(random));
        const { broken, drawn } = await showAll(kiosk, views);
        expect(broken, `states ${n} on; ${RUN}`).toEqual([]);
        expect(drawn, `states ${n} on; ${RUN}`).toBeGreaterThan(0);
        await kiosk.show(inExam());
        await kiosk.page.getByRole('radio').first().waitFor();
        expect(kiosk.faults, `states ${n} on; ${RUN}`).toEqual([]);
      }
      await kiosk.page.context().close();
    },
    patience(20_000),
  );
});
