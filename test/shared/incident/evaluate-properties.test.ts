import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogued, DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { evaluate } from '#shared/incident/evaluate.ts';
import { INCIDENT_KINDS } from '#shared/incident/kind.ts';
import { kindPolicy, type Policy } from '#shared/incident/policy.ts';
import { INITIAL_RULES, type RuleEvent, type RuleInput } from '#shared/incident/rules-state.ts';
import { UNGATED } from '#test/support/fake/policy-for.ts';
import { copyAttemptsOf, incidentsOf, resumed, run, time } from './run-rules.ts';

const LATER = 10_000_000;
const kinds = fc.constantFrom(...INCIDENT_KINDS);
const phases = fc.constantFrom('began' as const, 'ended' as const, 'happened' as const);

const observationAt = (times: fc.Arbitrary<number>): fc.Arbitrary<RuleInput> =>
  fc.record({ kind: kinds, phase: phases, t: times }).map(({ kind, phase, t }) => ({
    type: 'observation',
    observation: { kind, phase, t, facts: {} },
  }));

const timeOf = (input: RuleInput): number =>
  input.type === 'observation' ? input.observation.t : input.t;

const inOrder = (inputs: readonly RuleInput[]): RuleInput[] =>
  [...inputs].sort((a, b) => timeOf(a) - timeOf(b));

/** Anything that may be told, in any order. */
const anything = (span: number): fc.Arbitrary<RuleInput> => {
  const times = fc.integer({ min: 0, max: span });
  const moment = fc.record({
    type: fc.constantFrom(
      'time' as const,
      'stopped' as const,
      'resumed' as const,
      'restarted' as const,
    ),
    t: times,
  });
  const gate = fc.record({
    type: fc.constant('gate' as const),
    gate: fc.constantFrom('closed' as const, 'review' as const, 'open' as const),
    t: times,
  });
  return fc.oneof(
    { weight: 6, arbitrary: observationAt(times) },
    { weight: 1, arbitrary: moment },
    { weight: 1, arbitrary: gate },
  );
};

/** The signals of one act: whatever kinds, all edges within the narrower gap. */
const oneAct: fc.Arbitrary<RuleInput[]> = fc.array(
  observationAt(fc.integer({ min: 50_000, max: 50_000 + DEFAULT_POLICY.episodeCrossGapMs })),
  { minLength: 1, maxLength: 12 },
);

const shuffled = (inputs: RuleInput[]): fc.Arbitrary<RuleInput[]> =>
  fc.shuffledSubarray(inputs, { minLength: inputs.length });

describe('one act', () => {
  it('is at most one copy attempt in any order, with any repetition, however late', () => {
    const told = oneAct
      .chain((act) =>
        fc.tuple(fc.constant(act), fc.array(fc.constantFrom(...act), { maxLength: 12 })),
      )
      .chain(([act, again]) => shuffled([...act, ...again]))
      .chain((inputs) =>
        fc.tuple(
          fc.constant(inputs),
          fc.array(fc.integer({ min: 0, max: 60_000 }), {
            minLength: inputs.length,
            maxLength: inputs.length,
          }),
        ),
      );
    fc.assert(
      fc.property(told, ([inputs, ticks]) => {
        const late = inputs.flatMap((input, i) => [input, time(50_000 + (ticks[i] ?? 0))]);
        expect(copyAttemptsOf(run([...late, time(LATER)]).events)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1_000 },
    );
  });

  it('counts when one of its signals counts and lasts', () => {
    fc.assert(
      fc.property(oneAct, (act) => {
        const counted = DEFAULT_POLICY.kinds;
        const sure = act.some(
          (input) =>
            input.type === 'observation' &&
            input.observation.phase === 'happened' &&
            kindPolicy({ kinds: counted }, input.observation.kind).effect === 'count',
        );
        const attempts = copyAttemptsOf(run([...inOrder(act), time(LATER)]).events);
        if (sure) expect(attempts).toBe(1);
      }),
    );
  });
});

describe('time', () => {
  // Restarts are left out: what was told before one tells how long the program lived.
  it('how often it is told never changes anything', () => {
    const inputs = fc
      .array(
        anything(120_000).filter(({ type }) => type !== 'restarted'),
        { maxLength: 40 },
      )
      .map(inOrder);
    const ticks = fc.array(fc.integer({ min: 0, max: 150_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(inputs, ticks, (told, at) => {
        const last = time(LATER);
        const few = run([...told, last]);
        // Before each input only ticks up to its own time: a tick may not know more than the input.
        const many = run([...mixed(told, at), last]);
        expect(many.events).toEqual(few.events);
        expect(many.state).toEqual(few.state);
      }),
      { numRuns: 1_000 },
    );
  });

  it('jumps of the clock do not make two incidents of one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: LATER }), { maxLength: 50 }),
        kinds,
        (jumps, kind) => {
          const inputs: RuleInput[] = [
            { type: 'observation', observation: { kind, phase: 'began', t: 1_000, facts: {} } },
            ...jumps.map(time),
            time(LATER),
          ];
          expect(incidentsOf(run(inputs).events)).toHaveLength(1);
        },
      ),
    );
  });
});

/** Puts ticks between inputs that are in order. A tick at the time of an input comes after it. */
const mixed = (told: readonly RuleInput[], at: readonly number[]): RuleInput[] => {
  const ticks = [...at].sort((a, b) => a - b);
  const out: RuleInput[] = [];
  for (const input of told) {
    while ((ticks[0] ?? Number.POSITIVE_INFINITY) < timeOf(input))
      out.push(time(ticks.shift() ?? 0));
    out.push(input);
  }
  return [...out, ...ticks.map(time)];
};

describe('any inputs at all', () => {
  const inputs = fc.array(anything(200_000), { maxLength: 80 });

  it('the same inputs give the same events, from a stored state too', () => {
    fc.assert(
      fc.property(inputs, fc.nat(80), (told, cut) => {
        const whole = run(told, DEFAULT_POLICY);
        const first = run(told.slice(0, cut), DEFAULT_POLICY);
        const stored = JSON.parse(JSON.stringify(first.state));
        const second = run(told.slice(cut), DEFAULT_POLICY, stored);
        expect([...first.events, ...second.events]).toEqual(whole.events);
        expect(second.state).toEqual(whole.state);
      }),
    );
  });

  it('never changes the state that it was given', () => {
    fc.assert(
      fc.property(inputs, (told) => {
        let state = INITIAL_RULES;
        for (const input of told) {
          const before = JSON.stringify(state);
          const next = evaluate(state, input, DEFAULT_POLICY).state;
          expect(JSON.stringify(state)).toBe(before);
          state = next;
        }
      }),
      { numRuns: 50 },
    );
  });

  it('keeps what every reader relies on', () => {
    fc.assert(
      fc.property(inputs, (told) => {
        const { events, state } = run([...told, time(LATER)], DEFAULT_POLICY);
        checkEvents(events, DEFAULT_POLICY);
        expect(JSON.stringify(state).length).toBeLessThan(16_000);
      }),
      { numRuns: 1_000 },
    );
  });

  it('technical kinds never count, not even under a policy that says so', () => {
    const policy: Policy = {
      ...UNGATED,
      kinds: Object.fromEntries(
        INCIDENT_KINDS.map((kind) => [kind, { ...DEFAULT_POLICY.kinds[kind], effect: 'count' }]),
      ) as Policy['kinds'],
    };
    fc.assert(
      fc.property(inputs, (all) => {
        const told = all.filter(({ type }) => type !== 'gate');
        const { events } = run([...told, time(LATER)], policy);
        const incidents = incidentsOf(events);
        for (const incident of incidents)
          expect(incident.counted).toBe(catalogued(incident.kind)?.family !== 'technical');
        for (const event of events) {
          if (event.type !== 'copy-attempt') continue;
          const cause = incidents.find(({ id }) => id === event.incidentId);
          expect(cause && catalogued(cause.kind)?.family).not.toBe('technical');
        }
      }),
    );
  });

  it('nothing that is told after a stop reaches back before the resumption', () => {
    fc.assert(
      fc.property(inputs, inputs, (before, after) => {
        const stoppedAt = run([...before, { type: 'stopped', t: 200_000 }, resumed(300_000)]);
        const late = after.filter(({ type }) => type === 'observation' || type === 'time');
        const { events } = run([...late, time(LATER)], DEFAULT_POLICY, stoppedAt.state);
        for (const { startedT } of incidentsOf(events))
          expect(startedT).toBeGreaterThanOrEqual(300_000);
      }),
    );
  });
});

const checkEvents = (events: readonly RuleEvent[], policy: Policy): void => {
  const incidents = incidentsOf(events);
  expect(new Set(incidents.map(({ id }) => id)).size).toBe(incidents.length);
  const open = new Set<string>();
  const episodes = new Set<string>();
  for (const event of events) {
    if (event.type === 'incident-opened') {
      const { id, kind, startedT, openedT } = event.incident;
      expect(id).toBe(`${kind}-${startedT}`);
      expect([startedT, startedT + kindPolicy(policy, kind).minMs]).toContain(openedT);
      open.add(id);
    }
    if (event.type === 'incident-closed') {
      expect(open.delete(event.incidentId)).toBe(true);
      const incident = incidents.find(({ id }) => id === event.incidentId);
      expect(event.endedT).toBeGreaterThanOrEqual(incident?.startedT ?? Number.NaN);
    }
    if (event.type === 'copy-attempt') {
      expect(episodes.has(event.episodeId)).toBe(false);
      episodes.add(event.episodeId);
      const incident = incidents.find(({ id }) => id === event.incidentId);
      expect(incident).toMatchObject({ counted: true, episodeId: event.episodeId });
    }
  }
  // Every counted incident belongs to an episode that is a copy attempt.
  for (const { counted, episodeId } of incidents)
    if (counted) expect(episodes.has(episodeId)).toBe(true);
};
