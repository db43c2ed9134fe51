import type { Thresholds } from '#shared/incident/identity-thresholds.ts';
import { type CaptureAdvice, captureAdvice } from './capture-quality.ts';
import {
  beginChallenge,
  type Challenge,
  challengeEndsT,
  headLookOf,
  lookAtChallenge,
  type Turn,
  waitChallenge,
} from './challenge.ts';
import type { Descriptor, FaceCapture } from './face-capture.ts';
import type { CheckOutcome } from './identity-facts.ts';
import {
  CHECK_CAPTURES,
  distanceOf,
  meanDescriptor,
  median,
  medianDistance,
  outcomeOf,
} from './match.ts';

/** The times and numbers of one check. */
export const CHECK_LIMITS = {
  /** For good pictures at the start; nobody is good at a camera in 5 s who was just told to come closer, ms. */
  lookingMs: 20_000,
  /** For the last look; the face is already in its place, ms. */
  endingMs: 8_000,
  /** Good captures after the turns. The rest of the five is from before them. */
  atEnd: 2,
  /**
   * Frames of a turned head are further from the template than frontal ones, how much is not measured: only
   * somebody clearly else fails the challenge by the median of all frames on the way. Judging the turned ones
   * alone would be stricter against two people who take turns; it waits for that measurement.
   */
  turnedDistance: 0.75,
} as const;

export interface CheckSettings {
  /** What the face is compared with; null for somebody without a template, whose pictures are only taken. */
  readonly template: Descriptor | null;
  /** Whether turns are asked for. Without a template there is nothing to protect by them. */
  readonly challenge: boolean;
  readonly thresholds: Thresholds;
}

export interface CheckResult {
  readonly outcome: CheckOutcome;
  /** Median distance to the template; null when nothing was compared. */
  readonly distance: number | null;
  /** How many good captures it is of. */
  readonly captures: number;
  readonly challenge: 'passed' | 'failed' | 'off';
}

interface Good {
  readonly descriptor: Descriptor;
  readonly yaw: number;
  readonly relief: number | null;
}

/** One check of the face, from the button to the answer. Plain data; kept in memory only. */
export interface CheckRun {
  readonly settings: CheckSettings;
  readonly stage: 'looking' | 'challenge' | 'ending' | 'done';
  /** Since when this stage runs. */
  readonly sinceT: number;
  /** What to mend; null when the last frame was good or none came yet. */
  readonly advice: CaptureAdvice | null;
  readonly start: readonly Good[];
  readonly turned: readonly Descriptor[];
  readonly end: readonly Good[];
  readonly challenge: Challenge | null;
  /** Set when it is done. */
  readonly result: CheckResult | null;
}

export const beginCheck = (settings: CheckSettings, t: number): CheckRun => ({
  settings,
  stage: 'looking',
  sinceT: t,
  advice: null,
  start: [],
  turned: [],
  end: [],
  challenge: null,
  result: null,
});

/** Whether turns of the head belong to this check. */
export const asksTurns = ({ template, challenge }: CheckSettings): boolean =>
  challenge && template !== null;

/** How many good captures the first stage waits for. */
const wantedAtStart = (settings: CheckSettings): number =>
  asksTurns(settings) ? CHECK_CAPTURES.wanted - CHECK_LIMITS.atEnd : CHECK_CAPTURES.wanted;

const descriptors = (goods: readonly Good[]): readonly Descriptor[] =>
  goods.map(({ descriptor }) => descriptor);

const finish = (run: CheckRun, t: number, failed: 'challenge' | 'no-capture' | null): CheckRun => {
  const { template } = run.settings;
  const all = descriptors([...run.start, ...run.end]);
  const distance = template === null ? null : medianDistance(all, template);
  const answered = failed === null ? 'passed' : 'failed';
  const challenge = run.challenge === null ? 'off' : answered;
  const outcome = ((): CheckOutcome => {
    if (failed === 'no-capture') return 'no-capture';
    if (distance === null) return 'not-enrolled';
    return failed === 'challenge'
      ? 'challenge-failed'
      : outcomeOf(distance, run.settings.thresholds);
  })();
  const result = { outcome, distance, captures: all.length, challenge } as const;
  return { ...run, stage: 'done', sinceT: t, advice: null, result };
};

/** Whether one and the same face was there before, during and after the turns. */
const isOnePerson = ({ settings, start, turned, end }: CheckRun): boolean => {
  const before = meanDescriptor(descriptors(start));
  if (distanceOf(before, meanDescriptor(descriptors(end))) >= settings.thresholds.match)
    return false;
  const onTheWay = medianDistance(turned, before);
  return onTheWay === null || onTheWay <= CHECK_LIMITS.turnedDistance;
};

const afterStart = (run: CheckRun, t: number, draw: () => readonly Turn[]): CheckRun => {
  if (!asksTurns(run.settings)) return finish(run, t, null);
  const reliefs = run.start.flatMap(({ relief }) => relief ?? []);
  const neutral = {
    yaw: median(run.start.map(({ yaw }) => yaw)),
    relief: reliefs.length === run.start.length ? median(reliefs) : null,
  };
  const challenge = beginChallenge(draw(), neutral, t);
  return { ...run, stage: 'challenge', sinceT: t, advice: null, challenge };
};

const afterEnd = (run: CheckRun, t: number): CheckRun =>
  finish(run, t, run.end.length > 0 && isOnePerson(run) ? null : 'challenge');

const withChallenge = (run: CheckRun, challenge: Challenge, t: number): CheckRun => {
  if (challenge.stage === 'failed') return finish({ ...run, challenge }, t, 'challenge');
  if (challenge.stage !== 'passed') return { ...run, challenge };
  return { ...run, challenge, stage: 'ending', sinceT: t };
};

/** When the stage under way gives up; null when it is done. */
export const checkEndsT = (run: CheckRun): number | null => {
  switch (run.stage) {
    case 'looking':
      return run.sinceT + CHECK_LIMITS.lookingMs;
    case 'challenge':
      return run.challenge === null ? null : challengeEndsT(run.challenge);
    case 'ending':
      return run.sinceT + CHECK_LIMITS.endingMs;
    case 'done':
      return null;
  }
};

/** Lets the time go on to `t`: what is there must do, or it is not enough. */
export const waitCheck = (run: CheckRun, t: number, draw: () => readonly Turn[]): CheckRun => {
  const endsT = checkEndsT(run);
  if (endsT === null || t <= endsT) return run;
  if (run.stage === 'challenge' && run.challenge !== null)
    return withChallenge(run, waitChallenge(run.challenge, t), t);
  if (run.stage === 'ending') return afterEnd(run, t);
  return run.start.length >= CHECK_CAPTURES.least
    ? afterStart(run, t, draw)
    : finish(run, t, 'no-capture');
};

const goodOf = (capture: FaceCapture): Good | null =>
  capture.descriptor === null || capture.face === null
    ? null
    : {
        descriptor: capture.descriptor,
        yaw: capture.face.yaw,
        relief: capture.relief ?? null,
      };

/**
 * Takes in one frame. Pure; times must not run backwards.
 * @param draw draws an order of turns, anew at each call.
 */
export const captureInCheck = (
  before: CheckRun,
  capture: FaceCapture,
  t: number,
  draw: () => readonly Turn[],
): CheckRun => {
  const run = waitCheck(before, t, draw);
  if (run.stage === 'done') return run;
  if (run.stage === 'challenge' && run.challenge !== null) {
    const challenge = lookAtChallenge(run.challenge, headLookOf(capture, t), draw);
    const { descriptor } = capture;
    const turned = capture.faces === 1 && descriptor ? [...run.turned, descriptor] : run.turned;
    return withChallenge({ ...run, turned }, challenge, t);
  }
  const advice = captureAdvice(capture);
  const good = advice === null ? goodOf(capture) : null;
  if (good === null) return { ...run, advice };
  if (run.stage === 'ending') {
    const ended = { ...run, advice, end: [...run.end, good] };
    return ended.end.length >= CHECK_LIMITS.atEnd ? afterEnd(ended, t) : ended;
  }
  const started = { ...run, advice, start: [...run.start, good] };
  return started.start.length >= wantedAtStart(run.settings)
    ? afterStart(started, t, draw)
    : started;
};
