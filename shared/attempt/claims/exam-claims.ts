import { type AttemptState, deadlineT, remainingMs } from '#shared/attempt/attempt-state.ts';
import type { Given, GivenTerms } from '#shared/wire/given.ts';
import { CLOCK_SLACK_MS, type Claim, type ClaimCheck, type ClaimedClock, those } from './claim.ts';
import { claimsTooMuch } from './opening-claims.ts';

/** A rest of time that differs by less is the time that writing took, ms. */
const REST_SLACK_MS = 2_000;
/** The form is asked for right before the start; its time is the server's own, ms. */
const GIVEN_SLACK_MS = 5 * CLOCK_SLACK_MS;

/** The shift's end in exam time, as the entry's own estimate of the server's clock has it. */
const shiftEndsT = ({ entry, terms }: Pick<Claim, 'entry' | 'terms'>): number =>
  entry.t + Math.max(1, terms.shift.endsAt - entry.wall);

/** The terms that a beginning names: a later sign-in may have brought others than those of the opening. */
export const termsStarted = (
  { terms: all }: Given,
  { data, entry, terms: opened }: Pick<Claim<'exam-started'>, 'data' | 'entry' | 'terms'>,
): GivenTerms =>
  [opened, ...all.toReversed()].find(
    (terms) =>
      terms.durationMs === data.durationMs &&
      Math.abs(data.shiftEndsT - shiftEndsT({ entry, terms })) <= CLOCK_SLACK_MS,
  ) ?? opened;

export const examStarted: ClaimCheck<'exam-started'> = (claim) => {
  const { data, entry, before, given, memory } = claim;
  const terms = termsStarted(given, claim);
  if (before.startedT !== null) return ['started-twice'];
  const { form } = given;
  const { shift } = terms;
  const early = entry.wall < shift.startsAt - CLOCK_SLACK_MS;
  const late = entry.wall > shift.endsAt + CLOCK_SLACK_MS;
  const beforeForm = form !== null && entry.wall < form.givenAt - GIVEN_SLACK_MS;
  return those(
    ['steps', before.phase !== 'waiting'],
    ['order-ignored', before.closeReason !== null],
    ['coverage', claimsTooMuch(memory.host, before.coverage, terms, true)],
    ['duration', data.durationMs !== terms.durationMs],
    ['form', form?.hash !== data.formHash],
    ['shift-end', Math.abs(data.shiftEndsT - shiftEndsT({ entry, terms })) > CLOCK_SLACK_MS],
    ['start-time', early || late || beforeForm],
  );
};

/** The clock that the beginning claims. */
export const startedClock = (claim: Pick<Claim, 'entry' | 'terms'>): ClaimedClock => {
  const offset = claim.entry.wall - claim.entry.t;
  return { shiftEndsT: shiftEndsT(claim), startOffset: offset, lastOffset: offset, step: 0 };
};

export const movedClock = (clock: ClaimedClock, { entry }: Pick<Claim, 'entry'>): ClaimedClock => {
  const offset = entry.wall - entry.t;
  if (offset === clock.lastOffset) return clock;
  return { ...clock, lastOffset: offset, step: Math.max(clock.step, offset - clock.lastOffset) };
};

/** The attempt with the time that was given out, whatever it claims. */
const asGiven = (
  before: AttemptState,
  { terms, memory }: Pick<Claim, 'terms' | 'memory'>,
): AttemptState => ({
  ...before,
  durationMs: terms.durationMs,
  shiftEndsT: memory.clock?.shiftEndsT ?? before.shiftEndsT,
});

/**
 * Whether the examinee's time was over: by exam time; or by the server's time as the entry itself has it, for an exam
 * time that stands still while the other goes on. One step of the clock is taken off: it may have been set.
 */
const isLate = (claim: Pick<Claim, 'entry' | 'before' | 'terms' | 'memory'>): boolean => {
  const { entry, before, terms, memory } = claim;
  const end = deadlineT(asGiven(before, claim), entry.t);
  if (end !== null && entry.t > end + CLOCK_SLACK_MS) return true;
  const { clock } = memory;
  if (clock === null) return false;
  const drift = entry.wall - entry.t - clock.startOffset - clock.step;
  return drift > CLOCK_SLACK_MS && entry.wall - clock.step > terms.shift.endsAt + CLOCK_SLACK_MS;
};

/**
 * Whether it was done after staff had ended the attempt: by the entry's own time, of those that came afterwards. What
 * had come before was there; and what was done before and came later is as good as what any kiosk brings late.
 */
const isAfterEnding = ({ entry, given: { ended } }: Pick<Claim, 'entry' | 'given'>): boolean =>
  ended !== undefined && entry.seq > ended.seq && entry.wall > ended.at;

type Work = 'question-visited' | 'answer-saved' | 'question-flagged';

const fits = (claim: Claim<Work>): boolean => {
  const { data, given } = claim;
  // Without a form the beginning itself is marked.
  if (given.form === null) return true;
  const question = given.form.questions.find(({ id }) => id === data.questionId);
  if (question === undefined) return false;
  if (!('optionIds' in data)) return true;
  if (question.single && data.optionIds.length > 1) return false;
  return data.optionIds.every((id) => question.options.includes(id));
};

/** Looking at a question, answering it, flagging it: only of the form, and only while the exam runs. */
export const worked: ClaimCheck<Work> = (claim) => {
  const { before } = claim;
  const runs = before.phase === 'in-progress';
  return those(
    ['question', !fits(claim)],
    ['answer-stopped', !runs],
    ['answer-late', runs && isLate(claim)],
    ['answer-after-ending', isAfterEnding(claim)],
    ['order-ignored', before.closeReason !== null && before.phase !== 'closed'],
  );
};

export const replied: ClaimCheck<'notice-acknowledged' | 'objection'> = ({ data, before }) =>
  those(['incident', before.incidents.every(({ id }) => id !== data.incidentId)]);

export const closed: ClaimCheck<'attempt-closed'> = (claim) => {
  const { data, entry, before, terms } = claim;
  // A second closing is the replay's to judge.
  if (before.phase === 'closed') return [];
  const rest = remainingMs(asGiven(before, claim), entry.t);
  const told = rest ?? terms.durationMs;
  return those(
    ['closed-unordered', data.by === 'proctor' && before.closeReason === null],
    ['answer-stopped', data.by === 'examinee' && before.phase !== 'in-progress'],
    ['answer-late', data.by === 'examinee' && before.phase === 'in-progress' && isLate(claim)],
    [
      'time-left',
      Math.abs(data.remainingMs - told) > CLOCK_SLACK_MS + REST_SLACK_MS ||
        (data.by === 'time' && (rest ?? Number.POSITIVE_INFINITY) > CLOCK_SLACK_MS),
    ],
  );
};
