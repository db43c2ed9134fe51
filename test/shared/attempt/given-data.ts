import { BY_HAND } from '#shared/identity/identity-facts.ts';
import type { QuestionId } from '#shared/kernel/ids.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { FactData, FactType } from '#shared/wire/facts.ts';
import type { Given } from '#shared/wire/given.ts';

const factOf = <T extends FactType>(entries: readonly LedgerEntry[], type: T) => {
  const entry = entries.find((one) => one.type === type);
  return entry && { entry, data: entry.data as unknown as FactData<T> };
};

/** What a server gave out to which this ledger is the honest answer. @param entries from the first on. */
export const givenOf = (entries: readonly LedgerEntry[]): Given => {
  const opened = factOf(entries, 'attempt-opened');
  if (opened === undefined) throw new Error('not opened');
  const { enrolled, ...identity } = opened.data.identity ?? BY_HAND;
  const started = factOf(entries, 'exam-started');
  const begin = started?.entry ?? opened.entry;
  const left = started === undefined ? 3_600_000 : started.data.shiftEndsT - started.entry.t;
  const verified = entries.some(
    ({ type, data }) => type === 'identity-checked' && data.outcome === 'verified',
  );
  const worked = entries.filter(({ data }) => typeof data.questionId === 'string');
  const ids = new Set(worked.map(({ data }) => String(data.questionId)));
  const terms = {
    policy: opened.data.policy,
    rulesVersion: factOf(entries, 'rules-accepted')?.data.rulesVersion ?? '1',
    durationMs: started?.data.durationMs ?? 3_600_000,
    shift: { startsAt: begin.wall, endsAt: begin.wall + left },
  };
  // Who was let through by the camera was given a template, in the end.
  const signIns = new Set([enrolled, enrolled || verified]);
  return {
    sessionId: opened.data.sessionId,
    terms: [...signIns].map((template) => ({
      ...terms,
      identity: { ...identity, enrolled: template },
    })),
    host: ['electron', 'web'].includes(opened.data.host.kind) ? opened.data.host.kind : null,
    staffKey: null,
    form:
      started === undefined
        ? null
        : {
            hash: started.data.formHash,
            givenAt: begin.wall,
            questions: [...ids].map((id) => ({
              id: id as QuestionId,
              options: 'abcd',
              single: false,
            })),
          },
    commands: entries
      .filter(({ type }) => type === 'command-applied')
      .map(({ data }) => (data as unknown as FactData<'command-applied'>).issued),
  };
};
