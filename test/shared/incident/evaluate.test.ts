import { describe, expect, it } from 'vitest';
import { CATALOGUE, DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { nextDeadline } from '#shared/incident/evaluate.ts';
import { INCIDENT_KINDS, type IncidentKind } from '#shared/incident/kind.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { RuleInput } from '#shared/incident/rules-state.ts';
import { policyFor } from '#test/support/fake/policy-for.ts';
import {
  began,
  copyAttemptsOf,
  ended,
  happened,
  incidentsOf,
  outline,
  run,
  time,
} from './run-rules.ts';

const policyWith = (
  kind: IncidentKind,
  change: Partial<Policy['kinds'][IncidentKind]>,
): Policy => ({
  ...DEFAULT_POLICY,
  kinds: { ...DEFAULT_POLICY.kinds, [kind]: { ...DEFAULT_POLICY.kinds[kind], ...change } },
});

const START = 100_000;

/** Some checks make no sense for kinds without a duration, a break or a warning. */
const onlyIf =
  (applies: boolean) =>
  (name: string, body: () => void): void => {
    if (applies) it(name, body);
  };

describe.each(INCIDENT_KINDS)('%s', (kind) => {
  const { minMs, breakMs, warnAfterMs, effect } = DEFAULT_POLICY.kinds[kind];
  const isTechnical = CATALOGUE[kind].family === 'technical';

  onlyIf(minMs > 0)('is nothing when it ends just before its minimum duration', () => {
    const { events, state } = run([
      began(kind, START),
      ended(kind, START + minMs - 1),
      time(START + 60_000),
    ]);
    expect(incidentsOf(events)).toEqual([]);
    expect(state.conditions).toEqual({});
    // Nothing is taken back that was never said.
    if (warnAfterMs === null) expect(events).toEqual([]);
  });

  it('is an incident from its minimum duration on, dated exactly', () => {
    const { events } = run([began(kind, START, { note: 'seen' }), time(START + 60_000)]);
    const counted = effect === 'count' && !isTechnical;
    expect(incidentsOf(events)).toEqual([
      {
        id: `${kind}-${START}`,
        kind,
        startedT: START,
        openedT: START + minMs,
        counted,
        episodeId: `episode-${kind}-${START}`,
        facts: { note: 'seen' },
      },
    ]);
    expect(copyAttemptsOf(events)).toBe(counted ? 1 : 0);
  });

  it('opens at its deadline, not a millisecond earlier', () => {
    const at = (t: number) => incidentsOf(run([began(kind, START), time(t)]).events).length;
    expect(at(START + minMs)).toBe(1);
    if (minMs > 0) expect(at(START + minMs - 1)).toBe(0);
  });

  it('closes when it ended, once its break was a real one', () => {
    const inputs = [began(kind, START), ended(kind, START + minMs + 50)];
    const { events } = run([...inputs, time(START + minMs + 50 + breakMs)]);
    expect(outline(events)).toEqual([`${kind} ${START}-${START + minMs + 50}`]);
  });

  onlyIf(breakMs > 0)('goes on over a break that is too short to be one', () => {
    const end = START + Math.max(1, minMs - 1);
    const { events } = run([
      began(kind, START),
      ended(kind, end),
      began(kind, end + breakMs - 1),
      time(START + 90_000),
    ]);
    expect(outline(events)).toEqual([`${kind} ${START}-...`]);
    expect(incidentsOf(events)[0]?.openedT).toBe(START + minMs);
  });

  onlyIf(minMs > 1)('starts anew after a real break', () => {
    const end = START + minMs - 1;
    const again = end + breakMs;
    const { events } = run([
      began(kind, START),
      ended(kind, end),
      began(kind, again),
      time(again + minMs - 1),
    ]);
    expect(incidentsOf(events)).toEqual([]);
  });

  it('counts only as its policy and its nature say', () => {
    const counting = policyWith(kind, { effect: 'count' });
    const inputs = [began(kind, START), time(START + 60_000)];
    expect(copyAttemptsOf(run(inputs, counting).events)).toBe(isTechnical ? 0 : 1);
    expect(copyAttemptsOf(run(inputs, policyWith(kind, { effect: 'review' })).events)).toBe(0);
    expect(run(inputs, policyWith(kind, { effect: 'ignore' })).events).toEqual([]);
  });

  onlyIf(warnAfterMs !== null)('warns with a countdown, and no longer once it has ended', () => {
    const warnAt = START + (warnAfterMs ?? 0);
    const end = warnAt + 1;
    const warned = run([began(kind, START), time(warnAt)]);
    expect(warned.events).toEqual([
      {
        type: 'warning-began',
        kind,
        startedT: START,
        incidentAtT: START + minMs,
        counts: effect === 'count',
      },
    ]);
    const after = run([ended(kind, end), time(end + breakMs)], DEFAULT_POLICY, warned.state);
    expect(after.events).toEqual([{ type: 'warning-ended', kind, startedT: START }]);
  });

  it('takes a single act as an incident of that moment', () => {
    const { events } = run([happened(kind, START)]);
    expect(outline(events)).toEqual([`${kind} ${START}-${START}`]);
    expect(incidentsOf(events)[0]?.openedT).toBe(START);
  });
});

describe('breaks and repetitions', () => {
  it('one long absence with faces that flash up is one incident', () => {
    const flashes = Array.from({ length: 12 }, (_, i) => [
      ended('no-face', 10_000 + i * 5_000),
      began('no-face', 10_500 + i * 5_000),
    ]).flat();
    const { events } = run([began('no-face', 1_000), ...flashes, time(90_000)]);
    expect(outline(events)).toEqual(['no-face 1000-...']);
    expect(copyAttemptsOf(events)).toBe(1);
  });

  it('a real look back of 0.6 s starts the time of a turned head anew', () => {
    const look = (breakMs: number) =>
      incidentsOf(
        run([
          began('turned-away', 0),
          ended('turned-away', 4_000),
          began('turned-away', 4_000 + breakMs),
          ended('turned-away', 8_000),
          time(20_000),
        ]).events,
      ).length;
    expect(look(599)).toBe(1);
    expect(look(600)).toBe(0);
  });

  it.each<readonly [string, readonly RuleInput[]]>([
    ['a repeated began', [began('no-face', 0), began('no-face', 2_000), began('no-face', 4_000)]],
    ['an end without a beginning', [ended('no-face', 0), began('no-face', 0)]],
    ['a late end of before', [ended('no-face', 500), began('no-face', 600), ended('no-face', 500)]],
    ['time that runs backwards', [began('no-face', 0), time(3_000), time(1_000)]],
  ])('%s changes nothing', (_, inputs) => {
    expect(copyAttemptsOf(run([...inputs, time(6_000)]).events)).toBe(1);
  });

  it('a held key is one incident, and so is an act that is told again, however late', () => {
    const held = Array.from({ length: 100 }, (_, i) => happened('screenshot', 1_000 + i * 33));
    const { events } = run([...held, ...held, time(9_000), happened('screenshot', 3_000)]);
    expect(outline(events)).toEqual(['screenshot 1000-1000']);
  });

  it('a late repetition does not shorten the act', () => {
    const { events } = run([1_000, 1_900, 1_100, 2_500].map((t) => happened('screenshot', t)));
    expect(outline(events)).toEqual(['screenshot 1000-1000']);
  });

  it('an act repeated a second later is another incident of the same episode', () => {
    const { events } = run([happened('screenshot', 1_000), happened('screenshot', 2_000)]);
    expect(outline(events)).toEqual(['screenshot 1000-1000', 'screenshot 2000-2000']);
    expect(copyAttemptsOf(events)).toBe(1);
  });

  it('a whole act that is told again is not counted again', () => {
    const act = [began('no-face', 0), ended('no-face', 40_000)];
    const { events } = run([...act, time(45_000), ...act, time(90_000)]);
    expect(outline(events)).toEqual(['no-face 0-40000']);
  });

  it('what is noticed late is dated back', () => {
    const { events } = run([time(9_000), began('camera-frozen', 2_000), time(9_100)]);
    expect(incidentsOf(events)[0]).toMatchObject({ startedT: 2_000, openedT: 7_000 });
  });

  it('an act at the very start of a condition of its kind has an id of its own', () => {
    const { events } = run([
      began('focus-lost', 1_000),
      happened('focus-lost', 1_000),
      time(2_000),
    ]);
    expect(incidentsOf(events).map(({ id }) => id)).toEqual(['focus-lost-1001', 'focus-lost-1000']);
  });

  it('a beginning that was told again does not undo the end', () => {
    const { events } = run([
      began('no-face', 0),
      ended('no-face', 4_900),
      began('no-face', 100),
      time(9_000),
    ]);
    expect(incidentsOf(events)).toEqual([]);
  });

  it('a kind never gives one id twice, whatever is told', () => {
    const { events } = run([
      happened('print', 1_000),
      began('print', 1_000),
      ended('print', 1_000),
      time(3_000),
      happened('print', 5_000),
      began('print', 900),
      time(9_000),
    ]);
    const ids = incidentsOf(events).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('accommodations', () => {
  it('a camera exemption leaves nothing of the camera to judge, and all the rest', () => {
    const policy = policyFor(new Set(['camera-exempt']));
    const all = INCIDENT_KINDS.map((kind, i) => began(kind, i * 100_000));
    const kinds = incidentsOf(run([...all, time(10_000_000)], policy).events).map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(
      INCIDENT_KINDS.filter(
        (kind) => CATALOGUE[kind].family !== 'camera' && kind !== 'identity-mismatch',
      ),
    );
    // Even when only the flag says so.
    const flagged = { ...DEFAULT_POLICY, cameraExempt: true };
    expect(run([began('no-face', 0), time(60_000)], flagged).events).toEqual([]);
  });
});

it('tells when it next has something to decide', () => {
  const at = (inputs: readonly RuleInput[]) => nextDeadline(run(inputs).state, DEFAULT_POLICY);
  expect(at([])).toBeNull();
  expect(at([began('off-frame', 1_000)])).toBe(5_000);
  expect(at([began('off-frame', 1_000), time(5_000)])).toBe(11_000);
  expect(at([began('off-frame', 1_000), time(11_000)])).toBeNull();
  expect(at([began('off-frame', 1_000), time(11_000), ended('off-frame', 12_000)])).toBe(13_000);
});
