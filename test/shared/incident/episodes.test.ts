import { describe, expect, it } from 'vitest';
import { INCIDENT_KINDS } from '#shared/incident/kind.ts';
import type { RuleInput } from '#shared/incident/rules-state.ts';
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
