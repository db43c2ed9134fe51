import { asksWho } from '#shared/attempt/gate.ts';
import type { Form } from '#shared/exam/ticket.ts';
import type { Problem, ProblemCode } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import type { KioskAction } from '#shared/wire/kiosk-view.ts';
import type { AttemptCore } from './attempt-core.ts';

type Outcome = Result<null, Problem>;
/** What an examinee may do inside an attempt without any request to the server. */
export type AttemptAction = Extract<
  KioskAction,
  {
    type:
      | 'accept-rules'
      | 'confirm-framing'
      | 'visit'
      | 'answer'
      | 'flag'
      | 'acknowledge'
      | 'object'
      | 'read-message'
      | 'submit';
  }
>;

const DONE: Outcome = ok(null);
const refuse = (code: ProblemCode): Outcome => fail({ code });

/** Whether the answer names a question of the form and options of that question. */
const fits = (form: Form, questionId: string, optionIds: readonly string[]): boolean => {
  const question = form.questions.find(({ id }) => id === questionId);
  if (question === undefined) return false;
  if (question.type === 'single' && optionIds.length > 1) return false;
  return optionIds.every((id) => question.options.some((option) => option.id === id));
};

/** In a turn: does what the examinee asked for, if it fits the attempt's stage. */
const act = async (
  core: AttemptCore,
  action: AttemptAction,
  form: Form | null,
): Promise<Outcome> => {
  const { writer } = core;
  const state = core.state();
  const incident =
    'incidentId' in action ? state.incidents.find(({ id }) => id === action.incidentId) : undefined;
  // Half a character (a broken paste) has no canonical text and could not be hashed.
  const text = action.type === 'object' ? action.text.toWellFormed() : '';
  switch (action.type) {
    case 'accept-rules':
      if (state.phase !== 'rules') return refuse('not-in-this-stage');
      await writer.write('rules-accepted', {
        rulesVersion: core.ticket.rulesVersion,
        locale: action.locale,
      });
      return DONE;
    case 'confirm-framing':
      if (state.phase !== 'framing') return refuse('not-in-this-stage');
      await writer.write('framing-confirmed', { evidence: [...(await core.stills.keep(1))] });
      return DONE;
    case 'acknowledge':
      if (incident === undefined) return refuse('not-found');
      if (!incident.acknowledged) {
        await writer.write('notice-acknowledged', { incidentId: incident.id });
      }
      return DONE;
    case 'object':
      if (incident === undefined) return refuse('not-found');
      if (incident.objection === text) return DONE;
      if (incident.objection !== null) return refuse('conflict');
      await writer.write('objection', { incidentId: incident.id, text });
      return DONE;
    case 'read-message': {
      const message = state.messages.find(({ commandId }) => commandId === action.commandId);
      if (message === undefined) return refuse('not-found');
      if (!message.read) await writer.write('message-read', { commandId: action.commandId });
      return DONE;
    }
    default:
      return actInExam(core, action, form);
  }
};

const actInExam = async (
  core: AttemptCore,
  action: Extract<AttemptAction, { type: 'visit' | 'answer' | 'flag' | 'submit' }>,
  form: Form | null,
): Promise<Outcome> => {
  const { writer } = core;
  const state = core.state();
  if (state.phase !== 'in-progress') {
    return refuse(state.phase === 'closed' ? 'attempt-closed' : 'not-in-this-stage');
  }
  if (asksWho(state.gate)) return refuse('not-in-this-stage');
  if (action.type === 'submit') {
    await core.close('examinee');
    return DONE;
  }
  const { questionId } = action;
  const optionIds = action.type === 'answer' ? action.optionIds : [];
  if (form === null || !fits(form, questionId, optionIds)) return refuse('bad-request');
  switch (action.type) {
    case 'visit':
      if (state.questionId !== questionId) await writer.write('question-visited', { questionId });
      return DONE;
    case 'answer':
      await writer.write('answer-saved', { questionId, optionIds: [...action.optionIds] });
      return DONE;
    case 'flag':
      await writer.write('question-flagged', { questionId, flagged: action.flagged });
      return DONE;
  }
};

/**
 * Runs one action of the examinee as a turn.
 * @returns when it is stored; `not-in-this-stage` or `attempt-closed` when it came too early or too late.
 */
export const performInAttempt = (
  core: AttemptCore,
  action: AttemptAction,
  form: () => Form | null,
): Promise<Outcome> =>
  core.turn(async () => {
    await core.settle();
    return act(core, action, form());
  });
