import {
  type AttemptState,
  EMPTY_ATTEMPT,
  type IncidentRecord,
  identityStatus,
  type ReceivedMessage,
} from '#shared/attempt/attempt-state.ts';
import { carriedStanding, copyCount } from '#shared/attempt/copy-count.ts';
import type { Form, Ticket } from '#shared/exam/ticket.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { QuestionId } from '#shared/kernel/ids.ts';
import type { EpochMs, ExamTime } from '#shared/kernel/time.ts';
import type { IdentityView, KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import type { KioskState } from './store.ts';

/** The examinee's own rules; null before there are any. */
export const policyOf = (view: KioskView | null): Policy | null =>
  view?.ticket?.policy ?? view?.attempt?.policy ?? null;

/** The one word for how the server is reached. */
export const connectionStanding = ({
  online,
  looking,
}: Pick<KioskView['connection'], 'online' | 'looking'>): 'online' | 'looking' | 'offline' =>
  online ? 'online' : looking ? 'looking' : 'offline';

/** Whether this examinee's face is compared at all; otherwise the room checks documents by hand, or there is no camera. */
export const facesAreChecked = (view: KioskView | null): boolean => {
  const settings = view?.ticket?.identity ?? view?.attempt?.identity.settings;
  return settings?.check === 'face' && policyOf(view)?.cameraExempt !== true;
};

/** The check as it stands; before the host has said anything, nothing runs and nothing may be begun. */
export const identityView = (view: KioskView): IdentityView =>
  view.identity ?? {
    stage: 'ready',
    turn: null,
    turnsDone: 0,
    turnsAsked: 0,
    advice: null,
    endsAt: null,
    lastOutcome: null,
    triesLeft: 0,
  };

/**
 * What the identity screen shows: `ready` before the first check, `running`, `answer` when a check did not verify and
 * another one may be tried, `person` when only a person can settle it, `missing` without a document, `refused`.
 */
export type IdentityPart = 'ready' | 'running' | 'answer' | 'person' | 'missing' | 'refused';

export const identityPart = (view: KioskView): IdentityPart => {
  const record = (view.attempt ?? EMPTY_ATTEMPT).identity;
  const status = identityStatus(record);
  if (status === 'refused') return 'refused';
  const check = identityView(view);
  if (check.stage !== 'ready') return 'running';
  if (status !== 'needs-person') return 'ready';
  if (record.documentMissing) return 'missing';
  // Without a template another look finds nothing either.
  const again = check.triesLeft > 0 && record.checks.at(-1)?.outcome !== 'not-enrolled';
  return again ? 'answer' : 'person';
};

/** Whether this attempt asks for the camera now: never for the exempt (Art. 26d), never after closing. */
export const cameraWanted = (view: KioskView | null): boolean => {
  if (view?.stage !== 'attempt' || view.attempt === null || view.attempt.phase === 'closed') {
    return false;
  }
  return !policyOf(view)?.cameraExempt;
};

/**
 * How much of the face finder is loaded while somebody waits for it, whole percent; null when nobody does: the
 * camera is not open yet, has been judged already, or nothing is known of the files.
 */
export const loadingPercent = ({
  camera,
  vision,
}: Pick<KioskState, 'camera' | 'vision'>): number | null => {
  const waiting = camera.status === 'on' && camera.advice === null;
  if (!waiting || vision.progress === null || vision.progress >= 1) return null;
  return Math.floor(vision.progress * 100);
};

/**
 * Whether the model that tells faces apart is wanted: where faces are compared at all, and from the accepted
 * rules on, so that the check itself does not wait for it. A room that checks by hand never loads it.
 */
export const identityModelWanted = (view: KioskView | null): boolean => {
  if (view === null || !cameraWanted(view)) return false;
  const phase = view.attempt?.phase;
  if (phase === undefined || phase === 'device-check' || phase === 'rules') return false;
  const settings = view.ticket?.identity ?? view.attempt?.identity.settings;
  return settings?.check === 'face';
};

/** What counts, also before the first entry; null while nobody is signed in. */
export const countedOf = ({
  attempt,
  ticket,
}: Pick<KioskView, 'attempt' | 'ticket'>): Pick<
  AttemptState,
  'policy' | 'copyAttempts' | 'carriedDismissed'
> | null => {
  if (attempt !== null && attempt.policy !== null) return attempt;
  return ticket === null ? null : { policy: ticket.policy, copyAttempts: 0 };
};

/** How many copy attempts close the exam, and how many stand, over all machines (Art. 70). */
export const countOf = (view: KioskView): { readonly standing: number; readonly limit: number } => {
  const counted = countedOf(view);
  return counted === null ? { standing: 0, limit: 3 } : copyCount(counted);
};

/** Copy attempts in the order in which they happened, dismissed ones included. */
export const copyAttempts = (attempt: AttemptState): readonly IncidentRecord[] =>
  attempt.incidents.filter((incident) => incident.copyAttempt !== null);

/**
 * How many copy attempts counted when this one came, itself and those of another machine included: what the limit is
 * compared with.
 */
export const standingAt = (attempt: AttemptState, { copyAttempt }: IncidentRecord): number =>
  carriedStanding(attempt).length +
  new Set(
    copyAttempts(attempt)
      .filter((other) => other.dismissed === null && (other.copyAttempt ?? 0) <= (copyAttempt ?? 0))
      .map((other) => other.episodeId),
  ).size;

/** The oldest copy attempt that the examinee has not seen (Art. 70); a dismissed one needs no notice. */
export const pendingNotice = (attempt: AttemptState): IncidentRecord | null =>
  copyAttempts(attempt).find((i) => !i.acknowledged && i.dismissed === null) ?? null;

export const unreadMessage = (attempt: AttemptState): ReceivedMessage | null =>
  attempt.messages.find((message) => !message.read) ?? null;

/** Answers as shown: what is stored, with what is being stored on top. */
export const chosenOptions = (
  attempt: AttemptState,
  drafts: Readonly<Record<string, readonly string[]>>,
  questionId: QuestionId,
): readonly string[] => drafts[questionId] ?? attempt.answers[questionId] ?? [];

/** The question to show: where the attempt stands, else the first one. */
export const currentIndex = (form: Form, attempt: AttemptState): number => {
  const index = form.questions.findIndex((question) => question.id === attempt.questionId);
  return Math.max(0, index);
};

export const answeredCount = (attempt: AttemptState): number =>
  Object.values(attempt.answers).filter((optionIds) => optionIds.length > 0).length;

/**
 * The server's clock at a moment of exam time. The shift's end is known on both scales, which ties
 * them together without trusting the device's wall clock.
 * @returns null before the start.
 */
export const clockAt = (
  ticket: Ticket | null,
  attempt: AttemptState,
  t: ExamTime | null,
): EpochMs | null =>
  ticket === null || t === null || attempt.shiftEndsT === null
    ? null
    : ticket.shift.endsAt - (attempt.shiftEndsT - t);

/** What still stands between the examinee and the exam on the device check. */
export const deviceVerdict = (
  requirements: readonly Requirement[],
): { readonly state: 'waiting' | 'blocked' | 'ready'; readonly failed: number } => {
  const blocking = requirements.filter((requirement) => requirement.blocks);
  const failed = blocking.filter((requirement) => requirement.outcome === 'failed').length;
  if (failed > 0) return { state: 'blocked', failed };
  const open = blocking.some((requirement) => requirement.outcome === 'pending');
  return { state: open || requirements.length === 0 ? 'waiting' : 'ready', failed: 0 };
};
