import type { AttemptId } from '#shared/kernel/ids.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';
import { check } from '#shared/kernel/schema.ts';
import type { LedgerStore } from '#shared/ports/ledger-store.port.ts';
import type { ServerApi } from '#shared/ports/transport.port.ts';
import { EntriesResponseSchema } from '#shared/wire/http.ts';
import { nextBatch } from './batches.ts';

/**
 * Sends what the server does not have by plain requests, batch after batch, until nothing is left.
 * The server takes entries that it has already without storing them again.
 * @param fromSeq what the server is known to have.
 * @param onAcked hears each step.
 * @returns the last acknowledged sequence, or the first problem.
 */
export const postPending = async (
  deps: { readonly ledger: LedgerStore; readonly api: ServerApi },
  attemptId: AttemptId,
  token: string,
  fromSeq: number,
  onAcked: (seq: number) => void,
): Promise<Result<number, Problem>> => {
  let acked = fromSeq;
  for (;;) {
    const entries = await nextBatch(deps.ledger, attemptId, acked);
    const last = entries.at(-1);
    if (last === undefined) return ok(acked);
    const answer = await deps.api.request('POST', `/api/attempts/${attemptId}/entries`, {
      token,
      body: { entries },
    });
    if (!answer.ok) return answer;
    const body = check(EntriesResponseSchema, answer.value);
    if (!body.ok) return fail({ code: 'server-failed', detail: body.error.message });
    // Without progress another round would only be the same again.
    if (body.value.seq <= acked) return fail({ code: 'conflict', detail: 'no progress' });
    acked = body.value.seq;
    onAcked(acked);
  }
};
