import type { APIRequestContext } from '@playwright/test';
import { check } from '#shared/kernel/schema.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { type Bundle, BundleSchema } from '#shared/wire/http.ts';

/** The longest that the last entries may take to arrive, ms. */
const ARRIVAL_MS = 15_000;

/** Fetches the attempt's export as the dashboard's person would. @throws when it is no bundle. */
export const fetchBundle = async (
  request: APIRequestContext,
  origin: string,
  attemptId: string,
): Promise<Bundle> => {
  const answer = await request.get(`${origin}/api/attempts/${attemptId}/export`);
  const bundle = check(BundleSchema, await answer.json());
  if (!bundle.ok) throw new Error(`The export of ${attemptId} is no bundle: ${bundle.error.path}`);
  return bundle.value;
};

/** Waits until the server has the kiosk's last entry, or long enough; the caller compares. */
export const waitForArrival = async (
  request: APIRequestContext,
  origin: string,
  last: LedgerEntry,
): Promise<Bundle> => {
  const deadline = Date.now() + ARRIVAL_MS;
  for (;;) {
    const bundle = await fetchBundle(request, origin, last.attemptId);
    if (bundle.entries.at(-1)?.seq === last.seq || Date.now() > deadline) return bundle;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};
