import { describe, expect, it } from 'vitest';
import { CATALOGUE, DEFAULT_POLICY, policyFor } from '#shared/incident/catalogue.ts';
import { nextDeadline, type RuleInput } from '#shared/incident/evaluate.ts';
import { INCIDENT_KINDS, type IncidentKind } from '#shared/incident/kind.ts';
import type { Policy } from '#shared/incident/policy.ts';
import {
  began,
  copyAttemptsOf,
  ended,
  happened,
  incidentsOf,
  outline,
  restarted,
  resumed,
  run,
  stopped,
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

describe('episodes: one act is one copy attempt', () => {
  const cases: readonly (readonly [string, readonly RuleInput[], number])[] = [
    [
      'alt-tab, lost focus and a screenshot key',
      [
        happened('outside-input', 1_000),
        began('focus-lost', 1_050),
        happened('screenshot', 2_000),
        ended('focus-lost', 2_500),
      ],
      1,
    ],
    [
      'an unplugged camera is a peripheral and a camera that is off',
      [happened('peripheral', 1_000), began('camera-off', 1_400), time(60_000)],
      1,
    ],
    [
      'standing up: turned away, out of the frame, gone',
      [
        began('turned-away', 1_000),
        ended('turned-away', 7_000),
        began('off-frame', 7_000),
        ended('off-frame', 18_000),
        began('no-face', 18_000),
        time(40_000),
      ],
      1,
    ],
    [
      'two glances that are far apart',
      [
        began('turned-away', 1_000),
        ended('turned-away', 7_000),
        began('turned-away', 20_000),
        ended('turned-away', 26_000),
        time(40_000),
      ],
      2,
    ],
    [
      'a paste while nobody is in the picture: two acts',
      [began('no-face', 1_000), happened('clipboard', 20_000), time(60_000)],
      2,
    ],
    [
      'a display that stays connected shelters nothing',
      [
        began('extra-display', 1_000),
        happened('clipboard', 60_000),
        began('focus-lost', 120_000),
        ended('focus-lost', 130_000),
        ended('extra-display', 600_000),
        happened('print', 601_000),
        time(700_000),
      ],
      4,
    ],
    [
      'pasting every 4 s: no episode lasts longer than 30 s',
      [0, 4, 8, 12, 16, 20, 24, 28, 32, 36].map((s) => happened('clipboard', 1_000 + s * 1_000)),
      2,
    ],
    [
      'a held key is one act for as long as an episode may last',
      Array.from({ length: 2_000 }, (_, i) => happened('screenshot', 1_000 + i * 33)),
      3,
    ],
    [
      'family gap: 5 s later within a family',
      [happened('clipboard', 1_000), happened('print', 6_000)],
      1,
    ],
    ['family gap: more than 5 s', [happened('clipboard', 1_000), happened('print', 6_001)], 2],
    [
      'cross-family gap: 3 s later',
      [happened('clipboard', 1_000), began('camera-off', 4_000), time(20_000)],
      1,
    ],
    [
      'cross-family gap: more than 3 s',
      [happened('clipboard', 1_000), began('camera-off', 4_001), time(20_000)],
      2,
    ],
    [
      'a review incident opens the episode, a counted one joins it',
      [
        happened('outside-input', 1_000),
        happened('outside-input', 3_000),
        began('focus-lost', 3_100),
        time(9_000),
      ],
      1,
    ],
    ['review alone never counts', [happened('outside-input', 1_000), time(9_000)], 0],
    [
      'a power cut does not tie two acts together',
      [happened('clipboard', 1_000), happened('power', 3_900), happened('clipboard', 6_800)],
      2,
    ],
    [
      'what opens late joins by its start: pasting in the middle of a slow off-frame',
      [began('off-frame', 1_000), happened('clipboard', 9_000), time(20_000)],
      2,
    ],
  ];

  it.each(cases)('%s', (_, inputs, expected) => {
    expect(copyAttemptsOf(run(inputs).events)).toBe(expected);
  });

  it('fires when the counted incident joins what a review incident began', () => {
    const { events } = run([
      happened('outside-input', 1_000),
      began('focus-lost', 1_100),
      time(5_000),
    ]);
    expect(events.filter(({ type }) => type === 'copy-attempt')).toEqual([
      {
        type: 'copy-attempt',
        incidentId: 'focus-lost-1100',
        episodeId: 'episode-outside-input-1000',
      },
    ]);
  });

  it('remembers little however much happens', () => {
    const inputs = Array.from({ length: 3_000 }, (_, i) => [
      happened(INCIDENT_KINDS[i % INCIDENT_KINDS.length] ?? 'manual', i * 40_000),
      began(INCIDENT_KINDS[(i * 7) % INCIDENT_KINDS.length] ?? 'manual', i * 40_000 + 5),
    ]).flat();
    expect(JSON.stringify(run(inputs).state).length).toBeLessThan(16_000);
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

describe('stops and restarts', () => {
  it('a stop ends everything at its time, after what was due', () => {
    const { events, state } = run([
      began('no-face', 0),
      began('extra-display', 1_000),
      began('turned-away', 5_500),
      stopped(6_000),
      time(60_000),
    ]);
    expect(outline(events)).toEqual(['extra-display 1000-6000', 'no-face 0-6000']);
    expect(state.conditions).toEqual({});
  });

  it('a stop ends warnings', () => {
    const { events } = run([began('off-frame', 0), time(4_000), stopped(5_000)]);
    expect(events.at(-1)).toEqual({ type: 'warning-ended', kind: 'off-frame', startedT: 0 });
  });

  it('nothing is held against anybody from the time when the program was dead', () => {
    const { events } = run([began('no-face', 0), time(3_000), restarted(600_000), time(700_000)]);
    expect(incidentsOf(events)).toEqual([]);
  });

  it('what was already an incident and still lasts after a pause is the same act', () => {
    const { events } = run([
      began('extra-display', 0),
      time(2_000),
      stopped(10_000),
      resumed(400_000),
      began('extra-display', 400_000),
      time(500_000),
    ]);
    expect(outline(events)).toEqual(['extra-display 0-10000', 'extra-display 400000-...']);
    expect(copyAttemptsOf(events)).toBe(1);
  });

  it('so is what is found again some seconds after a restart, even after two', () => {
    const { events } = run([
      began('camera-off', 0),
      time(5_000),
      restarted(100_000),
      restarted(105_000),
      began('camera-off', 108_000),
      time(200_000),
    ]);
    expect(incidentsOf(events)).toHaveLength(2);
    expect(copyAttemptsOf(events)).toBe(1);
  });

  it('what is stated again at the very moment of the resumption is heard', () => {
    const { state } = run([
      began('no-face', 5_000),
      stopped(5_000),
      resumed(5_000),
      began('no-face', 5_000),
    ]);
    expect(Object.keys(state.conditions)).toEqual(['no-face']);
  });

  it('what came to an end after the pause and begins again is a new act', () => {
    const { events } = run([
      began('extra-display', 0),
      time(2_000),
      stopped(10_000),
      resumed(400_000),
      ended('extra-display', 400_500),
      began('extra-display', 405_000),
      time(500_000),
    ]);
    expect(copyAttemptsOf(events)).toBe(2);
  });

  it('what begins later than that is a new act', () => {
    const { events } = run([
      began('extra-display', 0),
      time(2_000),
      stopped(10_000),
      resumed(400_000),
      began('extra-display', 420_000),
      time(500_000),
    ]);
    expect(copyAttemptsOf(events)).toBe(2);
  });

  it('nothing is dated back to before the exam ran', () => {
    const { events } = run([resumed(50_000), began('camera-frozen', 46_000), time(60_000)]);
    expect(incidentsOf(events)[0]).toMatchObject({ startedT: 50_000, openedT: 55_000 });
  });
});

describe('accommodations', () => {
  it('a camera exemption leaves nothing of the camera to judge, and all the rest', () => {
    const policy = policyFor({ cameraExempt: true });
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
