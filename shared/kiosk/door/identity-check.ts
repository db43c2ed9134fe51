import { identityStatus } from '#shared/attempt/attempt-state.ts';
import {
  askedTurn,
  drawTurns,
  TURNS_ASKED,
  type Turn,
  turnsDone,
} from '#shared/identity/challenge.ts';
import {
  asksTurns,
  beginCheck,
  type CheckRun,
  captureInCheck,
  checkEndsT,
  waitCheck,
} from '#shared/identity/check-run.ts';
import type { FaceCapture, Template } from '#shared/identity/face-capture.ts';
import { thresholdsOf } from '#shared/incident/identity-thresholds.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { AttemptCore } from '#shared/kiosk/attempt/attempt-core.ts';
import type { Still } from '#shared/kiosk/camera/stills.ts';
import type { IdentityView } from '#shared/ports/kiosk-host.port.ts';

/** Checks that the examinee may begin alone; then a person looks. */
const TRIES = 3;
/** While a check runs, ms: the shortest turn must be seen twice, and a look with a descriptor takes up to 150 ms. */
export const CHECK_EVERY_MS = 300;
/** Pictures stored from the start and from the end of a check. */
const STILLS_EACH = 2;

/** What a screen shows of the check; `endsT` in exam time. */
export type IdentityStanding = Omit<IdentityView, 'endsAt'> & { readonly endsT: ExamTime | null };

/** The check of the face before the exam (Art. 21, 35h). Judged here: the page only sends what it measured. */
export interface IdentityCheck {
  /** null outside the phase `identity`. */
  standing(): IdentityStanding | null;
  running(): boolean;
  /** @returns `not-in-this-stage` when no check is to be made or no try is left, `conflict` while one runs. */
  begin(): Promise<Result<null, Problem>>;
  /** "No tengo mi documento" (Art. 31): a person decides. */
  reportMissingDocument(): Promise<Result<null, Problem>>;
  /** @param t exam time at which the frame was taken. */
  capture(capture: FaceCapture, t: ExamTime): void;
  /** To be called some times a second: what is not done in time is over. */
  tick(t: ExamTime): void;
}

/** Fair: the last digit of a random identifier is even or odd alike. */
const coin = (uuid: string): boolean => uuid.charCodeAt(uuid.length - 1) % 2 === 0;

export const createIdentityCheck = (
  core: AttemptCore,
  template: Template | null,
  onChange: () => void,
): IdentityCheck => {
  let run: CheckRun | null = null;
  let stillsAtStart: readonly Still[] = [];
  const draw = (): readonly Turn[] => drawTurns(coin(core.deps.random.uuid()));

  const open = (): boolean => core.state().phase === 'identity';

  const triesLeft = (): number => {
    const { identity } = core.state();
    const { checks } = identity;
    // A person has spoken, or the camera cannot say more than it did: there is nothing to compare with.
    if (identityStatus(identity) === 'refused') return 0;
    if (checks.some(({ outcome }) => outcome === 'not-enrolled')) return 0;
    return Math.max(0, TRIES - checks.length);
  };

  /** Puts the finished check on record, with pictures from its start and its end. */
  const record = (done: CheckRun): void =>
    core.spawn(async () => {
      const { result } = done;
      if (run !== done || result === null) return;
      if (open()) {
        const stills = [...stillsAtStart, ...core.stills.latest(STILLS_EACH)];
        const evidence = await core.stills.store(stills);
        const { outcome, captures, challenge } = result;
        const distance =
          result.distance === null ? null : Math.round(result.distance * 1_000) / 1_000;
        await core.writer.write('identity-checked', {
          outcome,
          distance,
          captures,
          challenge,
          evidence: [...evidence],
        });
      }
      run = null;
      stillsAtStart = [];
      onChange();
    });

  const step = (next: CheckRun): void => {
    if (run === null || next === run) return;
    if (run.stage === 'looking' && next.stage !== 'looking') {
      stillsAtStart = core.stills.latest(STILLS_EACH);
    }
    run = next;
    if (next.stage === 'done') record(next);
    onChange();
  };

  /** A person's decision ends a check under way: nothing is left to find out. */
  const stillWanted = (): boolean => {
    if (run !== null && !open()) run = null;
    return run !== null && run.stage !== 'done';
  };

  return {
    standing: () => {
      if (!open()) return null;
      const { checks } = core.state().identity;
      const challenge = run?.challenge ?? null;
      const stage = ((): IdentityView['stage'] => {
        if (run === null) return 'ready';
        if (run.stage === 'looking') return 'looking';
        if (run.stage !== 'challenge' || challenge === null) return 'ending';
        return challenge.stage === 'back' ? 'back' : 'turn';
      })();
      return {
        stage,
        turn: challenge === null || stage !== 'turn' ? null : askedTurn(challenge),
        turnsDone: challenge === null ? 0 : turnsDone(challenge),
        turnsAsked: run !== null && asksTurns(run.settings) ? TURNS_ASKED : 0,
        advice: run?.advice ?? null,
        endsT: run === null ? null : checkEndsT(run),
        lastOutcome: checks.at(-1)?.outcome ?? null,
        triesLeft: triesLeft(),
      };
    },
    running: () => run !== null && run.stage !== 'done' && open(),
    begin: () =>
      core.turn(async () => {
        const { policy, identity } = core.state();
        const { settings } = identity;
        if (!open() || settings.check !== 'face' || triesLeft() === 0) {
          return fail({ code: 'not-in-this-stage' });
        }
        if (run !== null) return fail({ code: 'conflict' });
        run = beginCheck(
          {
            template: template?.descriptor ?? null,
            challenge: settings.challenge,
            thresholds: thresholdsOf(policy),
          },
          core.clock.now(),
        );
        return ok(null);
      }),
    reportMissingDocument: () =>
      core.turn(async () => {
        if (!open()) return fail({ code: 'not-in-this-stage' });
        if (!core.state().identity.documentMissing) await core.writer.write('document-missing', {});
        return ok(null);
      }),
    capture: (capture, t) => {
      if (stillWanted() && run !== null)
        step(captureInCheck(run, capture, Math.max(t, run.sinceT), draw));
    },
    tick: (t) => {
      if (stillWanted() && run !== null) step(waitCheck(run, t, draw));
    },
  };
};
