import { describe, expect, it } from 'vitest';
import { classifyCamera, silence } from '#shared/incident/camera-conditions.ts';
import type { CameraSample, Face } from '#shared/incident/camera-sample.ts';
import { type CameraState, INITIAL_CAMERA } from '#shared/incident/camera-state.ts';
import type { Observation } from '#shared/incident/observation.ts';
import { incidentsOf, outline, run, time } from './run-rules.ts';

const FACE: Face = { x: 0.38, y: 0.25, width: 0.22, height: 0.3, score: 0.9, yaw: 0.02 };
type Luma = NonNullable<CameraSample['luma']>;
const LUMA: Luma = { mean: 110, std: 52, flatFraction: 0.3, faceMean: 120, difference: 1.6 };

const sample = (
  faces: readonly Partial<Face>[],
  luma: Partial<Luma> = {},
  status: CameraSample['status'] = 'ok',
): CameraSample => ({
  ageMs: 20,
  status,
  faces: faces.map((face) => ({ ...FACE, ...face })),
  luma:
    status === 'ok'
      ? { ...LUMA, ...(faces.length === 0 ? { faceMean: null } : {}), ...luma }
      : null,
});

const OK = sample([{}]);
const NOBODY = sample([]);
const TURNED = sample([{ yaw: 0.45 }]);
const OTHER_WAY = sample([{ yaw: -0.45 }]);
const TWO = sample([{}, { x: 0.75, y: 0.3, width: 0.08, height: 0.1, score: 0.65 }]);
const CUT = sample([{ x: -0.05 }]);
const FAR = sample([{ width: 0.06, height: 0.08 }]);
const NEAR = sample([{ x: 0.1, y: 0.1, width: 0.6, height: 0.8 }]);
const COVERED = sample([], { mean: 12, std: 4, flatFraction: 0.99, difference: 0.2 });
const STILL = sample([{}], { difference: 0 });
const DARK_FACE = sample([{}], { mean: 30, faceMean: 22 });
const DARK = sample([], { mean: 18, std: 16, flatFraction: 0.6 });
const OFF = sample([], {}, 'ended');
const MUTED = sample([], {}, 'muted');
const NO_FRAMES = sample([], {}, 'no-frames');
const UNHEARD = sample([], {}, 'unheard');
const FAILED = sample([], {}, 'vision-failed');

/** Half a second apart, from 60 s on; the person's neutral position is learnt before. */
const STEP = 500;
const START = 60_000;

interface Film {
  readonly observations: readonly Observation[];
  readonly state: CameraState;
  readonly endT: number;
}
const film = (samples: readonly CameraSample[], step = STEP): Film => {
  let state = INITIAL_CAMERA;
  const observations: Observation[] = [];
  const watch = (one: CameraSample, t: number) => {
    const outcome = classifyCamera(state, one, t);
    state = outcome.state;
    observations.push(...outcome.observations);
  };
  for (let t = START - 35_000; t < START; t += step) watch(OK, t);
  for (const [i, one] of samples.entries()) watch(one, START + i * step);
  return { observations, state, endT: START + (samples.length - 1) * step };
};

const times = (count: number, one: CameraSample): CameraSample[] => Array(count).fill(one);

/** `kind+offset` where it began, `kind-offset` where it ended, in ms after the scene's start. */
const edges = (observations: readonly Observation[]): string[] =>
  observations.map(({ kind, phase, t }) => `${kind}${phase === 'began' ? '+' : '-'}${t - START}`);

describe('edges', () => {
  it.each<readonly [string, readonly CameraSample[], readonly string[]]>([
    ['normal behaviour', times(20, OK), []],
    ['one frame without a face', [OK, NOBODY, OK, OK], []],
    ['leaves', times(4, NOBODY), ['no-face+0']],
    ['leaves and comes back', [...times(6, NOBODY), OK, OK], ['no-face+0', 'no-face-3000']],
    [
      'the detector sees a face in the empty room for one frame',
      [...times(4, NOBODY), OK, ...times(2, NOBODY)],
      ['no-face+0', 'no-face-2000', 'no-face+2500'],
    ],
    [
      'a face every second frame is an absence of half a second',
      [NOBODY, OK, NOBODY, OK],
      ['no-face+1000', 'no-face-1500'],
    ],
    ['turns away', times(4, TURNED), ['turned-away+0']],
    ['turns to the other side', times(4, OTHER_WAY), ['turned-away+0']],
    ['turns and looks back', [...times(4, TURNED), OK], ['turned-away+0', 'turned-away-2000']],
    ['one frame with a wild pose', [OK, TURNED, OK, OK], []],
    [
      'half back is still turned',
      [...times(3, TURNED), sample([{ yaw: 0.24 }]), sample([{ yaw: 0.24 }])],
      ['turned-away+0'],
    ],
    ['half turned is not turned', times(6, sample([{ yaw: 0.26 }])), []],
    [
      'a missed frame does not end a turned head',
      [...times(3, TURNED), NOBODY, TURNED],
      ['turned-away+0'],
    ],
    [
      'the other one walks by for 1 s',
      [TWO, TWO, OK, OK],
      ['several-faces+0', 'several-faces-1000'],
    ],
    ['a stray second box in one frame', [OK, TWO, OK, OK], []],
    ['slides out of the frame', times(3, CUT), ['off-frame+0']],
    ['too far away', times(3, FAR), ['off-frame+0']],
    ['too near', times(3, NEAR), ['off-frame+0']],
    ['a cut face has no direction', times(4, sample([{ x: -0.05, yaw: 0.5 }])), ['off-frame+0']],
    ['a hand over the lens', times(4, COVERED), ['camera-covered+0']],
    [
      'leaves, then the lens is covered',
      [...times(3, NOBODY), ...times(3, COVERED)],
      ['no-face+0', 'no-face-1500', 'camera-covered+1500'],
    ],
    [
      'the picture stands still from the sample before the first equal one',
      times(4, STILL),
      ['camera-frozen+-500'],
    ],
    ['one equal frame', [STILL, OK, STILL, OK], []],
    ['it moves again', [...times(3, STILL), OK], ['camera-frozen+-500', 'camera-frozen-1500']],
    ['the face is too dark', times(3, DARK_FACE), ['low-light+0']],
    [
      'lights off: nobody can be seen, which is not that nobody is there',
      times(6, DARK),
      ['low-light+0'],
    ],
    [
      'turned away, then lights off',
      [...times(3, TURNED), ...times(3, DARK)],
      ['turned-away+0', 'turned-away-1500', 'low-light+1500'],
    ],
    [
      'a hand before the lens is no absence, nor does it join two moments of one',
      [NOBODY, COVERED, COVERED, NOBODY],
      ['camera-covered+500', 'camera-covered-1500'],
    ],
    ['looks from before a cover say nothing', [TURNED, COVERED, TURNED], []],
    [
      'after somebody else was there, a turn is confirmed anew',
      [...times(3, TURNED), TWO, TWO, TURNED],
      ['turned-away+0', 'turned-away-1500', 'several-faces+1500', 'several-faces-2500'],
    ],
    ['the camera is unplugged', [OFF, OFF, OK], ['camera-off+0', 'camera-off-1000']],
    ['the camera is muted', [MUTED], ['camera-off+0']],
    ['one look without a new frame', [NO_FRAMES, OK, OK], []],
    ['no new frames', [OK, ...times(3, NO_FRAMES)], ['device-failure+500']],
    [
      'no new frames, and then they come back',
      [OK, ...times(10, NO_FRAMES), OK],
      ['device-failure+500', 'device-failure-5500'],
    ],
    [
      'no new frames for longer than any stall lasts',
      [OK, ...times(20, NO_FRAMES)],
      ['device-failure+500', 'device-failure-7000', 'camera-off+7000'],
    ],
    [
      'no new frames, and then the track ends',
      [OK, ...times(4, NO_FRAMES), OFF],
      ['device-failure+500', 'device-failure-2500', 'camera-off+2500'],
    ],
    [
      'no new frames, and then it is muted by a switch',
      [OK, ...times(4, NO_FRAMES), MUTED],
      ['device-failure+500', 'device-failure-2500', 'camera-off+2500'],
    ],
    [
      'frames that come for a moment now and then',
      [OK, ...times(8, NO_FRAMES), ...times(10, OK), ...times(10, NO_FRAMES)],
      [
        'device-failure+500',
        'device-failure-4500',
        'device-failure+9500',
        'device-failure-12500',
        'camera-off+12500',
      ],
    ],
    [
      'a page whose timers are held back for ever',
      [OK, ...times(200, UNHEARD), OK],
      ['device-failure+500', 'device-failure-100500'],
    ],
    [
      'nobody there, and then nobody watches',
      [...times(3, NOBODY), UNHEARD],
      ['no-face+0', 'no-face-1500', 'device-failure+1500'],
    ],
    [
      'unplugged while nobody was there',
      [...times(3, NOBODY), OFF],
      ['no-face+0', 'no-face-1500', 'camera-off+1500'],
    ],
    [
      "the program's own vision failed",
      [...times(3, NOBODY), FAILED, OK],
      ['no-face+0', 'no-face-1500', 'device-failure+1500', 'device-failure-2000'],
    ],
    [
      'stands up: turned, cut, gone',
      [...times(3, TURNED), ...times(3, CUT), ...times(5, NOBODY)],
      ['turned-away+0', 'turned-away-1500', 'off-frame+1500', 'no-face+3000', 'off-frame-3000'],
    ],
  ])('%s', (_, samples, expected) => {
    expect(edges(film(samples).observations)).toEqual(expected);
  });

  it.each([
    ['nobody', NOBODY],
    ['a turned head', TURNED],
  ])('looks that lie far apart do not confirm %s', (_, one) => {
    const { state } = film([one]);
    expect(classifyCamera(state, one, START + 6_000).observations).toEqual([]);
  });

  it('a sample that comes with an earlier time is taken as of now', () => {
    const { state } = film([NOBODY]);
    const { observations, state: next } = classifyCamera(state, NOBODY, START - 5_000);
    expect(next.lastT).toBe(START);
    expect(observations).toMatchObject([{ kind: 'no-face', t: START }]);
  });

  it('gives the numbers that a person needs', () => {
    const facts = (samples: readonly CameraSample[]) =>
      film(samples).observations.find(({ phase }) => phase === 'began')?.facts;
    expect(facts(times(3, TURNED))).toEqual({ yaw: 0.45, neutral: 0.02, score: 0.9 });
    expect(facts(times(3, TWO))).toEqual({ faces: 2 });
    expect(facts(times(3, NOBODY))).toEqual({ faces: 0, mean: 110, std: 52 });
    expect(facts(times(3, FAR))).toEqual({ framing: 'far', faceHeight: 0.08 });
    expect(facts([MUTED])).toEqual({ status: 'muted' });
    expect(facts([FAILED])).toEqual({ part: 'vision' });
    expect(facts([UNHEARD])).toEqual({ part: 'page' });
    expect(facts([OK, NO_FRAMES, NO_FRAMES])).toEqual({ part: 'camera', status: 'no-frames' });
    expect(facts(times(3, DARK_FACE))).toMatchObject({ faceMean: 22, mean: 30 });
  });
});

describe('neutral position', () => {
  const after = (learnt: readonly CameraSample[]): number => {
    let state = INITIAL_CAMERA;
    for (const [i, one] of learnt.entries()) state = classifyCamera(state, one, i * STEP).state;
    return state.head.neutral;
  };
  it.each<readonly [string, readonly CameraSample[], number]>([
    ['nothing is learnt from a few samples', times(9, sample([{ yaw: 0.1 }])), 0],
    ['a camera beside the screen', times(60, sample([{ yaw: 0.1 }])), 0.1],
    ['its median, not its mean', [...times(40, sample([{ yaw: 0.1 }])), ...times(20, TURNED)], 0.1],
    [
      'a long turn in the first 30 s does not make looking ahead the turned position',
      [...times(20, sample([{ yaw: -0.12 }])), ...times(40, sample([{ yaw: 0.4 }]))],
      -0.12,
    ],
    ['nobody trains the watch to look away', times(60, TURNED), 0.15],
    ['to neither side', times(60, OTHER_WAY), -0.15],
    ['only the first 30 s count', [...times(60, OK), ...times(200, TURNED)], 0.02],
    ['faces of others teach nothing', times(60, TWO), 0],
  ])('%s', (_, learnt, expected) => {
    expect(after(learnt)).toBeCloseTo(expected);
  });

  it('shifts what counts as turned', () => {
    let state = INITIAL_CAMERA;
    const seen: Observation[] = [];
    const aside = sample([{ yaw: 0.12 }]);
    for (const [i, one] of [...times(70, aside), ...times(6, sample([{ yaw: 0.38 }]))].entries()) {
      const outcome = classifyCamera(state, one, i * STEP);
      state = outcome.state;
      seen.push(...outcome.observations);
    }
    expect(seen).toEqual([]);
  });
});

describe('silence', () => {
  it('is a failure of the program, not of the camera, and ends all else', () => {
    const { state, endT } = film(times(4, NOBODY));
    expect(silence(state, endT + 1_250).observations).toEqual([]);
    // What no look has confirmed for longer than looks take has ended with the last one.
    const late = silence(state, endT + 1_251);
    expect(edges(late.observations)).toEqual(['no-face-1500']);
    expect(silence(late.state, endT + 2_000).observations).toEqual([]);
    const silent = silence(late.state, endT + 2_001);
    expect(edges(silent.observations)).toEqual(['device-failure+1500']);
    expect(edges(silence(state, endT + 2_001).observations)).toEqual([
      'no-face-1500',
      'device-failure+1500',
    ]);
    expect(silence(silent.state, endT + 9_000).observations).toEqual([]);
    const back = classifyCamera(silent.state, OK, endT + 10_000);
    expect(edges(back.observations)).toEqual(['device-failure-11500']);
  });

  it('counts from the first question when no sample ever came', () => {
    const first = silence(INITIAL_CAMERA, 5_000);
    expect(first.observations).toEqual([]);
    const second = silence(first.state, 7_001);
    expect(second.observations).toMatchObject([
      { kind: 'device-failure', phase: 'began', t: 5_000 },
    ]);
  });
});

describe('what nobody looked at', () => {
  /** Samples at their own moments, ms after the scene's start, and the rules until its end. */
  const judged = (looks: readonly (readonly [number, CameraSample])[], endMs: number) => {
    let { state } = film([]);
    const observations: Observation[] = [];
    for (const [at, one] of looks) {
      const outcome = classifyCamera(state, one, START + at);
      state = outcome.state;
      observations.push(...outcome.observations);
    }
    const quiet = silence(state, START + endMs);
    observations.push(...quiet.observations);
    const { events } = run([
      ...observations.map((observation) => ({ type: 'observation' as const, observation })),
      time(START + endMs),
    ]);
    return {
      edges: edges(observations),
      incidents: incidentsOf(events).flatMap(({ kind }) =>
        kind === 'device-failure' ? [] : [kind],
      ),
    };
  };
  const every = (stepMs: number, fromMs: number, toMs: number, one: CameraSample) =>
    Array.from(
      { length: Math.floor((toMs - fromMs) / stepMs) + 1 },
      (_, i) => [fromMs + i * stepMs, one] as const,
    );
  const COUNTED: readonly (readonly [string, CameraSample, number])[] = [
    ['camera-off', OFF, 3_000],
    ['camera-off', MUTED, 3_000],
    ['camera-covered', COVERED, 5_000],
    ['camera-frozen', STILL, 5_000],
    ['no-face', NOBODY, 5_000],
    ['off-frame', CUT, 10_000],
    ['turned-away', TURNED, 5_000],
  ];

  it.each(COUNTED)(
    'does not count: %s seen shortly before and after a stall',
    (kind, one, minMs) => {
      const seen = judged(
        [...every(400, 0, 1_200, one), ...every(400, 1_200 + minMs, minMs + 2_000, one)],
        minMs + 2_000,
      );
      expect(seen.incidents).toEqual([]);
      // It ended with the last look before the stall, and began after it.
      expect(seen.edges.slice(0, 3)).toEqual([
        expect.stringContaining(`${kind}+`),
        `${kind}-1200`,
        expect.stringMatching(`^${kind}\\+${1_200 + minMs}`),
      ]);
    },
  );

  it.each(COUNTED)(
    'does not count: %s seen for a moment, and then no look at all',
    (kind, one, minMs) => {
      const seen = judged(every(400, 0, 1_200, one), minMs + 1_000);
      expect(seen.incidents).toEqual([]);
      expect(seen.edges).toContain(`${kind}-1200`);
    },
  );

  it.each(COUNTED)(
    'counts where it was looked at all the time, seldom as it may be: %s',
    (kind, one, minMs) => {
      // A head's turn needs three looks within three seconds.
      const seldom = kind === 'turned-away' ? 1_400 : 1_800;
      for (const stepMs of [200, 500, 1_000, seldom]) {
        const seen = judged(every(stepMs, 0, minMs + 6_000, one), minMs + 6_000);
        expect(seen.incidents, `every ${stepMs} ms`).toEqual([kind]);
      }
    },
  );

  it('counts an absence in which the machine stalled now and then', () => {
    const looks = [0, 5_000, 12_000].flatMap((from) => every(400, from, from + 3_000, NOBODY));
    expect(judged([...looks, ...every(400, 19_000, 25_000, NOBODY)], 25_000).incidents).toEqual([
      'no-face',
    ]);
  });

  it('does not take one frame for a picture that stands still, however often it is looked at', () => {
    const again = sample([{}], { difference: null });
    expect(judged([[0, STILL], ...every(400, 400, 9_000, again)], 9_000).edges).toEqual([]);
    // Two new frames were alike, then no new one came: nothing says that it goes on.
    const few = judged([[0, STILL], [400, STILL], ...every(400, 800, 9_000, again)], 9_000);
    expect(few.incidents).toEqual([]);
    // The same frame between new ones that are alike does not break it.
    const mixed = every(400, 0, 9_000, STILL).flatMap(([t, one]) => [
      [t, one] as const,
      [t + 200, again] as const,
    ]);
    expect(judged(mixed, 9_000).incidents).toEqual(['camera-frozen']);
  });
});

describe('scenes through the rules', () => {
  const seconds = (count: number, one: CameraSample) => times((count * 1_000) / STEP, one);
  const judge = (samples: readonly CameraSample[]) => {
    const { observations, endT } = film([...samples, ...seconds(4, OK)]);
    const { events } = run([
      ...observations.map((observation) => ({ type: 'observation' as const, observation })),
      time(endT),
    ]);
    return outline(events).map((line) => line.replaceAll(/\d+/g, (t) => `${Number(t) - START}`));
  };
  /** A detector that errs in one frame out of `every`. */
  const jittery = (samples: readonly CameraSample[], every: number, error: CameraSample) =>
    samples.map((one, i) => (i % every === every - 1 ? error : one));

  /** Of every seven samples the last three are lost. */
  const jitteryRuns = (samples: readonly CameraSample[], error: CameraSample) =>
    samples.map((one, i) => (i % 7 >= 4 ? error : one));

  it.each<readonly [string, readonly CameraSample[], readonly string[]]>([
    ['a minute of normal behaviour', seconds(60, OK), []],
    ['normal behaviour with a detector that errs', jittery(seconds(60, OK), 4, NOBODY), []],
    ['normal behaviour with stray boxes', jittery(seconds(60, OK), 3, TWO), []],
    ['normal behaviour with wild poses', jittery(seconds(60, OK), 3, TURNED), []],
    ['a glance of 3 s', seconds(3, TURNED), []],
    ['a glance of 4.5 s', seconds(4.5, TURNED), []],
    ['turned away for 8 s', seconds(8, TURNED), ['turned-away 0-8000']],
    ['turned away, errors and all', jittery(seconds(12, TURNED), 7, OK), ['turned-away 0-12000']],
    [
      'a head in profile that the detector loses for moments',
      jitteryRuns(seconds(10, TURNED), NOBODY),
      ['turned-away 0-10000'],
    ],
    [
      'a face at the edge that the detector loses for moments',
      jitteryRuns(seconds(14, CUT), NOBODY),
      ['off-frame 0-14000'],
    ],
    ['turns, then leaves', [...seconds(2, TURNED), ...seconds(8, NOBODY)], ['no-face 2000-10000']],
    ['two glances of 3 s', [...seconds(3, TURNED), ...seconds(2, OK), ...seconds(3, TURNED)], []],
    ['gone for 4.5 s', seconds(4.5, NOBODY), []],
    ['gone for 7 s', seconds(7, NOBODY), ['no-face 0-7000']],
    [
      'gone, with faces seen in the furniture',
      jittery(seconds(20, NOBODY), 9, OK),
      ['no-face 0-20000'],
    ],
    ['somebody walks by for 1 s', seconds(1, TWO), []],
    ['somebody stays for 4 s', seconds(4, TWO), ['several-faces 0-4000']],
    ['a hand over the lens for 8 s', seconds(8, COVERED), ['camera-covered 0-8000']],
    ['lights off for 12 s', seconds(12, DARK), ['low-light 0-12000']],
    ['cut for 8 s', seconds(8, CUT), []],
    ['cut for 12 s', seconds(12, CUT), ['off-frame 0-12000']],
    ['a frozen picture', seconds(8, STILL), ['camera-frozen -500-8000']],
    ['unplugged for 5 s', seconds(5, OFF), ['camera-off 0-5000']],
    ['no vision for 20 s is technical', seconds(20, FAILED), ['device-failure 0-20000']],
  ])('%s', (_, samples, expected) => {
    expect(judge(samples)).toEqual(expected);
  });

  it.each([200, 500, 1_000])('the same at a sample every %i ms', (step) => {
    const at = (secs: number, one: CameraSample) => times((secs * 1_000) / step, one);
    const scenes = [...at(3, TURNED), ...at(6, OK), ...at(8, NOBODY), ...at(10, OK)];
    const { observations, endT } = film(scenes, step);
    const { events } = run([
      ...observations.map((observation) => ({ type: 'observation' as const, observation })),
      time(endT),
    ]);
    expect(incidentsOf(events)).toMatchObject([{ kind: 'no-face', startedT: START + 9_000 }]);
  });

  it('remembers little', () => {
    const { state } = film(jittery(seconds(600, TURNED), 5, NOBODY));
    expect(JSON.stringify(state).length).toBeLessThan(3_000);
  });
});
