import type { ServerClock } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import type { Registration } from '#server/record/registry-ports.ts';
import { msUntilStart } from '#shared/exam/shift.ts';
import type { Form } from '#shared/exam/ticket.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { asBank, type Bank, drawForm } from './form.ts';
import type { BankStore } from './ports.ts';

export interface FormStore {
  /** The attempt's form, always the same. @throws when the exam has no usable bank. */
  formOf(registration: Registration): Promise<Form>;
  /** The form for the kiosk: `too-early` (with how long) before the shift's start (Art. 9: nobody reads it before). */
  giveOut(registration: Registration): Promise<Result<Form, Problem>>;
}

export const formStore = (store: BankStore, clock: ServerClock): FormStore => {
  const banks = new Map<string, { readonly bank: Bank; readonly secret: string }>();

  const bankOf = async (examId: string) => {
    const known = banks.get(examId);
    if (known !== undefined) return known;
    const stored = await store.bank(examId);
    if (stored === null) throw new Error(`exam ${examId} has no bank`);
    const loaded = { bank: asBank(stored.bank), secret: stored.secret };
    banks.set(examId, loaded);
    return loaded;
  };

  const formOf = async (registration: Registration): Promise<Form> => {
    const { bank, secret } = await bankOf(registration.exam.id);
    return drawForm(bank, registration.exam.questionCount, registration.attemptId, secret);
  };

  return {
    formOf,
    giveOut: async (registration) => {
      const early = msUntilStart(registration.shift, clock.now());
      if (early > 0) return refuse('too-early', undefined, early);
      return ok(await formOf(registration));
    },
  };
};
