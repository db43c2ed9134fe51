import type { FaceCapture } from './face-capture.ts';

/**
 * The liveness challenge (Art. 35h): the head is turned to sides that the kiosk chooses. It stops a photograph,
 * however it is held; it does not stop a skilled replay, and says so (docs/vision.md).
 *
 * Two turns, one to each side, in an order that the kiosk draws. Two are enough for what it is made for: no
 * picture on paper turns to even one side and then to the other. More turns would make a recording's luck
 * smaller and honest people's way longer, and who can play a clip on command is not stopped by a third turn.
 */
export type Turn = 'left' | 'right';
export const TURNS_ASKED = 2;

/** The limits of the challenge; yaw indices as `FaceSchema` defines them, times in ms. */
export const TURN_LIMITS = {
  /** From the person's own neutral; about 30°, half of what counts as turned away for long and easy for a stiff neck. */
  yaw: 0.2,
  /**
   * ... and past the lens to that side by this much. A flat picture that is swung or tilted makes its own yaw
   * larger or smaller, but never brings it to the other side.
   */
  across: 0.08,
  /** Never more than this is asked for: even in profile the index stays at about 0.4, also for whose camera stands beside the screen. */
  most: 0.34,
  /** Back again: this near to the neutral. */
  back: 0.1,
  /**
   * Where the page measures it: how much the nose must have moved against eyes and mouth, in eye distances
   * (`relief`). In a flat picture they keep their places however it is held; by the geometry of a head 30° give
   * about 0.23, whether the chin is up or down, and a photograph at 20 cm, by perspective, less than 0.06. Then the yaw, which a raised chin makes smaller, only has to agree.
   */
  relief: 0.12,
  yawBesideRelief: 0.08,
  /** Two looks in a row: one alone may be the detector's. */
  looks: 2,
  /** For each turn and for each way back. */
  eachMs: 4_000,
  /** Without exactly one face for longer than this it may be another face that comes back. */
  lostMs: 1_500,
  /** At most one turn to the wrong side: left and right are easily mixed up before a mirror. */
  wrongWays: 1,
} as const;

/** What the challenge takes from a frame. */
export interface HeadLook {
  readonly t: number;
  /** null when there was not exactly one face. */
  readonly yaw: number | null;
  /** See `FaceCaptureSchema.relief`; null when it was not measured. */
  readonly relief: number | null;
}

export interface Challenge {
  /** The turns that are asked for, in their order. */
  readonly turns: readonly Turn[];
  /** How many of them are done. */
  readonly done: number;
  readonly stage: 'turn' | 'back' | 'passed' | 'failed';
  /** Since when this stage runs. */
  readonly sinceT: number;
  /** The person's own yaw and relief when looking ahead. */
  readonly neutral: { readonly yaw: number; readonly relief: number | null };
  /** Looks in a row that reached what is asked, or the wrong side. */
  readonly reached: number;
  readonly wrong: number;
  readonly wrongWays: number;
  /** When exactly one face was seen last. */
  readonly seenT: number;
}

/** The order of the turns. @param coin fair, drawn anew for each challenge. */
export const drawTurns = (coin: boolean): readonly Turn[] =>
  coin ? ['left', 'right'] : ['right', 'left'];

/** What a look at the head says, of a capture. */
export const headLookOf = (capture: FaceCapture, t: number): HeadLook => ({
  t,
  yaw: capture.faces === 1 && capture.face !== null ? capture.face.yaw : null,
  relief: capture.faces === 1 ? (capture.relief ?? null) : null,
});

/** Begins a challenge at `t`. @param neutral measured on frames of somebody who looks ahead. */
export const beginChallenge = (
  turns: readonly Turn[],
  neutral: Challenge['neutral'],
  t: number,
): Challenge => ({
  turns,
  done: 0,
  stage: 'turn',
  sinceT: t,
  neutral,
  reached: 0,
  wrong: 0,
  wrongWays: 0,
  seenT: t,
});

/** A person's own left is the unmirrored picture's right: positive. */
const signOf = (turn: Turn): 1 | -1 => (turn === 'left' ? 1 : -1);

const isTurned = (
  { neutral }: Challenge,
  { relief }: HeadLook,
  yaw: number,
  side: 1 | -1,
): boolean => {
  if (neutral.relief !== null) {
    if (relief === null || (relief - neutral.relief) * side < TURN_LIMITS.relief) return false;
    return (yaw - neutral.yaw) * side >= TURN_LIMITS.yawBesideRelief;
  }
  const asked = Math.min(neutral.yaw * side + TURN_LIMITS.yaw, TURN_LIMITS.most);
  return yaw * side >= Math.max(asked, TURN_LIMITS.across);
};

/** When the stage under way gives up. */
export const challengeEndsT = ({ sinceT }: Challenge): number => sinceT + TURN_LIMITS.eachMs;

/** Lets the time go on to `t`: a stage that is not done in time has failed. */
export const waitChallenge = (challenge: Challenge, t: number): Challenge => {
  const { stage } = challenge;
  if (stage !== 'turn' && stage !== 'back') return challenge;
  return t > challengeEndsT(challenge) ? { ...challenge, stage: 'failed' } : challenge;
};

const stage = (challenge: Challenge, change: Partial<Challenge>, t: number): Challenge => ({
  ...challenge,
  reached: 0,
  wrong: 0,
  sinceT: t,
  ...change,
});

const atTurn = (
  challenge: Challenge,
  look: HeadLook,
  yaw: number,
  redraw: () => readonly Turn[],
): Challenge => {
  const side = signOf(challenge.turns[challenge.done] ?? 'left');
  const reached = isTurned(challenge, look, yaw, side) ? challenge.reached + 1 : 0;
  if (reached >= TURN_LIMITS.looks) return stage(challenge, { stage: 'back' }, look.t);
  const otherSide: 1 | -1 = side === 1 ? -1 : 1;
  const wrong = isTurned(challenge, look, yaw, otherSide) ? challenge.wrong + 1 : 0;
  if (wrong < TURN_LIMITS.looks) return { ...challenge, reached, wrong };
  if (challenge.wrongWays >= TURN_LIMITS.wrongWays) return { ...challenge, stage: 'failed' };
  // All begins anew with a newly drawn order: waving to both sides leads nowhere.
  const wrongWays = challenge.wrongWays + 1;
  return stage(challenge, { turns: redraw(), done: -1, stage: 'back', wrongWays }, look.t);
};

const atBack = (challenge: Challenge, look: HeadLook, yaw: number): Challenge => {
  const isBack = Math.abs(yaw - challenge.neutral.yaw) <= TURN_LIMITS.back;
  const reached = isBack ? challenge.reached + 1 : 0;
  if (reached < TURN_LIMITS.looks) return { ...challenge, reached };
  const done = challenge.done + 1;
  const passed = done >= challenge.turns.length;
  return stage(challenge, { done, stage: passed ? 'passed' : 'turn' }, look.t);
};

/**
 * Takes in one look. Pure; times must not run backwards.
 * @param redraw draws a new order, for somebody who turned to the wrong side once.
 */
export const lookAtChallenge = (
  challenge: Challenge,
  look: HeadLook,
  redraw: () => readonly Turn[],
): Challenge => {
  const now = waitChallenge(challenge, look.t);
  if (now.stage !== 'turn' && now.stage !== 'back') return now;
  if (look.t - now.seenT > TURN_LIMITS.lostMs) return { ...now, stage: 'failed' };
  const { yaw } = look;
  if (yaw === null) return { ...now, reached: 0, wrong: 0 };
  const seen = { ...now, seenT: look.t };
  return now.stage === 'turn' ? atTurn(seen, look, yaw, redraw) : atBack(seen, look, yaw);
};

/** The turn that is asked for now, and how many are done; null and the count otherwise. */
export const askedTurn = ({ stage: at, turns, done }: Challenge): Turn | null =>
  at === 'turn' ? (turns[done] ?? null) : null;

export const turnsDone = ({ done, stage: at }: Challenge): number =>
  Math.max(0, at === 'back' ? done + 1 : done);
