import { hash } from 'node:crypto';
import type { ServerClock } from '#server/platform/ports.ts';
import { refuse } from '#server/platform/problems.ts';
import type { Registration } from '#server/record/registry-ports.ts';
import { msUntilStart } from '#shared/exam/shift.ts';
import type { Form } from '#shared/exam/ticket.ts';
import type { Hash, QuestionId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import { canonicalText } from '#shared/ledger/canonical.ts';
import type { Given } from '#shared/wire/given.ts';
import { asBank, type Bank, drawForm, drawnOf, formOf } from './form.ts';
import type { BankStore, BankVersion, GivenForm } from './ports.ts';

export interface FormStore {
  /** What the attempt got, in short; null when it got none yet. */
  given(registration: Registration): Promise<Given['form']>;
  /**
   * The form for the kiosk: `too-early` (with how long) before the shift's start (Art. 9: nobody reads it before). The
   * first time it is drawn from the bank as it then stands; from then on it is the same, whatever is corrected.
   * @throws when the exam has no usable bank, or when what it was drawn from was altered.
   */
  giveOut(registration: Registration): Promise<Result<Form, Problem>>;
}

/** Parsed banks that are kept in memory: those of the exams of one shift. */
const BANKS = 8;

export const formStore = (store: BankStore, clock: ServerClock): FormStore => {
  const parsed = new Map<Hash, Bank>();

  const bankOf = ({ bank: text, hash: key }: BankVersion): Bank => {
    const bank = parsed.get(key) ?? asBank(JSON.parse(text));
    parsed.delete(key);
    parsed.set(key, bank);
    for (const oldest of [...parsed.keys()].slice(0, -BANKS)) parsed.delete(oldest);
    return bank;
  };

  const current = async (examId: string) => {
    const found = await store.bank(examId);
    if (found === null) throw new Error(`exam ${examId} has no bank`);
    return found;
  };

  /** The bank as it stands now, as a version: the latest one, or the next when something was corrected since. */
  const versionNow = async (examId: string): Promise<BankVersion> => {
    const { bank } = await current(examId);
    const key = hash('sha256', bank, 'hex');
    const latest = await store.latestVersion(examId);
    if (latest?.hash === key) return latest;
    // What cannot be drawn from is no version.
    asBank(JSON.parse(bank));
    const next = { version: (latest?.version ?? 0) + 1, bank, hash: key };
    await store.addVersion(examId, next, clock.now());
    // Another one may have had the number first.
    return (await store.version(examId, next.version)) ?? next;
  };

  const hashOf = (form: Form): Hash => hash('sha256', canonicalText(form), 'hex');

  const keep = async (
    { attemptId, exam }: Registration,
    version: BankVersion,
    form: Form,
  ): Promise<GivenForm> => {
    const now = clock.now();
    const given = {
      bankVersion: version.version,
      questions: drawnOf(form),
      hash: hashOf(form),
    };
    await store.keepForm(attemptId, exam.id, given, now);
    return (await store.given(attemptId)) ?? { ...given, givenAt: now };
  };

  /** Draws the attempt's form from a version and keeps what it got. @returns what is kept of it. */
  const draw = async (registration: Registration, version: BankVersion): Promise<GivenForm> => {
    const { attemptId, exam } = registration;
    const { secret } = await current(exam.id);
    const form = drawForm(bankOf(version), exam.questionCount, attemptId, secret);
    return keep(registration, version, form);
  };

  const versionOf = async (examId: string, { bankVersion }: GivenForm): Promise<BankVersion> => {
    const version = await store.version(examId, bankVersion);
    if (version === null)
      throw new Error(`exam ${examId}: version ${bankVersion} of its bank is missing`);
    return version;
  };

  /** The questions that the examinee got on another device, where this attempt carries that one on. */
  const drawAgain = async (registration: Registration): Promise<GivenForm | null> => {
    const { attemptId, exam, carries } = registration;
    const before = carries === null ? null : await store.given(carries.from);
    if (before === null || before.questions === null) return null;
    const version = await versionOf(exam.id, before);
    return keep(registration, version, formOf(bankOf(version), before.questions, attemptId));
  };

  /** What the attempt got; what is only known by its version is drawn from that again. */
  const given = async (registration: Registration): Promise<GivenForm | null> => {
    const kept = await store.given(registration.attemptId);
    if (kept === null || kept.hash !== null) return kept;
    return draw(registration, await versionOf(registration.exam.id, kept));
  };

  const give = async (registration: Registration): Promise<Form> => {
    const { attemptId, exam } = registration;
    const got =
      (await given(registration)) ??
      (await drawAgain(registration)) ??
      (await draw(registration, await versionNow(exam.id)));
    const form = formOf(bankOf(await versionOf(exam.id, got)), got.questions ?? [], attemptId);
    if (hashOf(form) !== got.hash)
      throw new Error(`the form of ${attemptId} is not as it was given out`);
    return form;
  };

  return {
    given: async (registration) => {
      const got = await given(registration);
      if (got === null || got.hash === null || got.questions === null) return null;
      const bank = bankOf(await versionOf(registration.exam.id, got));
      const single = new Set(
        bank.questions.filter(({ type }) => type === 'single').map(({ id }) => id),
      );
      const questions = got.questions.map(([id, options]) => ({
        id: id as QuestionId,
        options,
        single: single.has(id),
      }));
      return { hash: got.hash, givenAt: got.givenAt, questions };
    },
    giveOut: async (registration) => {
      const early = msUntilStart(registration.shift, clock.now());
      if (early > 0) return refuse('too-early', undefined, early);
      return ok(await give(registration));
    },
  };
};
