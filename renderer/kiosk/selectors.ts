import type {
  AttemptState,
  IncidentRecord,
  ReceivedMessage,
} from '#shared/attempt/attempt-state.ts';
import type { Form, Ticket } from '#shared/exam/ticket.ts';
import type { Policy } from '#shared/incident/policy.ts';
import type { QuestionId } from '#shared/kernel/ids.ts';
import type { EpochMs, ExamTime } from '#shared/kernel/time.ts';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';

/** The examinee's own rules; null before there are any. */
export const policyOf = (view: KioskView | null): Policy | null =>
  view?.ticket?.policy ?? view?.attempt?.policy ?? null;

/** Whether this attempt asks for the camera now: never for the exempt (Art. 26d), never after closing. */
export const cameraWanted = (view: KioskView | null): boolean => {
  if (view?.stage !== 'attempt' || view.attempt === null || view.attempt.phase === 'closed') {
    return false;
  }
  return !policyOf(view)?.cameraExempt;
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

export const copyAttemptLimit = (view: KioskView): number =>
  (view.attempt?.policy ?? view.ticket?.policy)?.copyAttemptLimit ?? 3;

/** Copy attempts in the order in which they happened, dismissed ones included. */
export const copyAttempts = (attempt: AttemptState): readonly IncidentRecord[] =>
  attempt.incidents.filter((incident) => incident.copyAttempt !== null);

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
