import { type Form, FormSchema } from '#shared/exam/ticket.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import type { EngineDeps } from '#shared/kiosk/engine-deps.ts';
import type { Saved, SavedSession } from '#shared/kiosk/saved.ts';

/** The questions of one attempt: from this device if it has them, else from the server. */
export interface FormKeeper {
  current(): Form | null;
  /** Gets the form and stores it, so that the exam goes on without the network. */
  obtain(): Promise<Result<Form, Problem>>;
}

export const createFormKeeper = (
  deps: Pick<EngineDeps, 'api' | 'log'>,
  saved: Saved,
  session: SavedSession,
  initial: Form | null,
): FormKeeper => {
  const { attemptId } = session.ticket;
  let form = initial;

  const fetchForm = async (): Promise<Result<Form, Problem>> => {
    const answer = await deps.api.request('GET', `/api/attempts/${attemptId}/form`, {
      token: session.token,
    });
    if (!answer.ok) return answer;
    const body = check(FormSchema, answer.value);
    if (!body.ok || body.value.attemptId !== attemptId) {
      return fail({ code: 'server-failed', detail: 'form does not fit' });
    }
    await saved.saveForm(body.value);
    return ok(body.value);
  };

  return {
    current: () => form,
    obtain: async () => {
      if (form !== null) return ok(form);
      const fetched = await fetchForm();
      if (fetched.ok) form = fetched.value;
      return fetched;
    },
  };
};
