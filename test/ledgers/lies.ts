import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { Bundle } from '#shared/wire/http.ts';
import { bundleOf, type PlayedWorld, reseal } from './played.ts';
import { SCENARIOS } from './scenarios.ts';

/** A played attempt whose record was changed afterwards. */
export interface Lie {
  readonly name: string;
  tell(): Promise<Bundle>;
}

const played = async (name: string): Promise<PlayedWorld> => {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return scenario.play();
};

type Change = (entries: LedgerEntry[]) => LedgerEntry[];

/** Changed in the file, by somebody without the device's key. */
const altered = (name: string, of: string, change: Change): Lie => ({
  name: `altered-${name}`,
  tell: async () => {
    const bundle = await bundleOf(await played(of));
    return { ...bundle, entries: change(bundle.entries) };
  },
});

/** Written by a kiosk that lies and signs it. */
const lied = (name: string, of: string, change: Change): Lie => ({
  name: `lied-${name}`,
  tell: async () => {
    const world = await played(of);
    const bundle = await bundleOf(world);
    return { ...bundle, entries: await reseal(world, change(bundle.entries)) };
  },
});

const withFile = (name: string, change: (bundle: Bundle) => Bundle): Lie => ({
  name: `altered-${name}`,
  tell: async () => change(await bundleOf(await played('closed-by-copy-attempts-electron'))),
});

const at = (entries: LedgerEntry[], index: number, change: Partial<LedgerEntry>): LedgerEntry[] =>
  entries.map((entry, i) => (i === index ? { ...entry, ...change } : entry));
const first = (entries: readonly LedgerEntry[], type: string, nth = 0): number => {
  const found = entries.flatMap((entry, i) => (entry.type === type ? [i] : []))[nth];
  if (found === undefined) throw new Error(`no ${type}`);
  return found;
};
const without = (entries: LedgerEntry[], index: number): LedgerEntry[] =>
  entries.filter((_, i) => i !== index);
const data = (entries: LedgerEntry[], index: number, change: object): LedgerEntry[] =>
  at(entries, index, { data: { ...entries[index]?.data, ...change } as LedgerEntry['data'] });

const THREE = 'closed-by-copy-attempts-electron';

/** Each way in which a record may not stand, once. A type or kind that is not known is none of them. */
export const LIES: readonly Lie[] = [
  altered('malformed', THREE, (entries) => at(entries, 4, { t: -1 })),
  altered('other-attempt', THREE, (entries) =>
    at(entries, 4, { attemptId: 'attempt-other' as LedgerEntry['attemptId'] }),
  ),
  altered('missing', THREE, (entries) => without(entries, 5)),
  altered('doubled', THREE, (entries) => [...entries.slice(0, 5), ...entries.slice(4)]),
  altered('swapped', THREE, (entries) => [
    ...entries.slice(0, 5),
    ...entries.slice(5, 7).reverse(),
    ...entries.slice(7),
  ]),
  altered('previous', THREE, (entries) => at(entries, 5, { previous: 'f'.repeat(64) })),
  altered('content', THREE, (entries) =>
    data(entries, first(entries, 'answer-saved'), { optionIds: ['d'] }),
  ),
  altered('hash', THREE, (entries) => at(entries, 6, { hash: 'f'.repeat(64) })),
  altered('unsigned', THREE, (entries) => {
    const { signature: _, ...entry } = entries[4] as LedgerEntry;
    return entries.map((one, i) => (i === 4 ? entry : one));
  }),
  altered('signature', THREE, (entries) => at(entries, 4, { signature: 'A'.repeat(86) })),
  altered('headless', THREE, (entries) => without(entries, 0)),
  withFile('evidence-gone', (bundle) => ({ ...bundle, evidence: {} })),
  withFile('evidence-changed', (bundle) => ({
    ...bundle,
    evidence: Object.fromEntries(
      Object.entries(bundle.evidence).map(([hash, file]) => [hash, { ...file, base64: 'AAAA' }]),
    ),
  })),
  withFile('another-attempt', (bundle) => ({ ...bundle, attemptId: 'attempt-other' })),
  withFile('another-key', (bundle) => ({ ...bundle, publicKey: 'A'.repeat(43) })),
  lied('time', THREE, (entries) => at(entries, 7, { t: 0 })),
  lied('data', THREE, (entries) =>
    data(entries, first(entries, 'answer-saved'), { optionIds: 'a' }),
  ),
  lied('opened-twice', THREE, (entries) =>
    [...entries, entries[0] as LedgerEntry].map((entry, i) =>
      i === entries.length ? { ...entry, t: entries.at(-1)?.t ?? 0 } : entry,
    ),
  ),
  lied('incident-left-out', THREE, (entries) =>
    without(entries, first(entries, 'incident-opened')),
  ),
  lied('copy-attempt-left-out', THREE, (entries) =>
    without(entries, first(entries, 'copy-attempt', 1)),
  ),
  lied('observation-left-out', THREE, (entries) => without(entries, first(entries, 'observation'))),
  lied('not-counted', THREE, (entries) => {
    const index = first(entries, 'incident-opened');
    return data(entries, index, {
      incident: { ...(entries[index]?.data.incident as object), counted: false },
    });
  }),
  lied('later', THREE, (entries) => {
    const index = first(entries, 'incident-opened');
    return data(entries, index, {
      incident: {
        ...(entries[index]?.data.incident as object),
        openedT: (entries[index]?.t ?? 0) + 1,
      },
    });
  }),
  lied('number', THREE, (entries) =>
    data(entries, first(entries, 'copy-attempt', 1), { number: 1 }),
  ),
  lied('not-closed', THREE, (entries) =>
    entries
      .flatMap((entry) =>
        entry.type === 'attempt-closed'
          ? [{ ...entry, type: 'checkpoint', t: entry.t + 5_001, data: {} }]
          : [{ ...entry, t: entry.t }],
      )
      .map((entry, i, all) => ({
        ...entry,
        t: Math.max(...all.slice(0, i + 1).map(({ t }) => t)),
      })),
  ),
  // What the gate holds back may be on record before it, and is judged by nobody.
  lied('seen-before-the-gate', 'gate-passed-electron', (entries) => {
    const index = first(entries, 'gate-passed');
    const { t = 0 } = entries[index - 1] ?? {};
    const seen = { kind: 'no-face', phase: 'began', t, facts: {} };
    const entry = { ...(entries[index] as LedgerEntry), t, type: 'observation', data: seen };
    return [...entries.slice(0, index), entry, ...entries.slice(index)];
  }),
  lied('closed-too-early', 'closed-by-proctor-electron', (entries) =>
    data(entries, first(entries, 'attempt-closed'), { by: 'copy-attempts' }),
  ),
  lied('closed-twice', 'closed-by-examinee-electron', (entries) => [
    ...entries,
    entries.at(-1) as LedgerEntry,
  ]),
  lied('unidentified', 'document-missing-electron', (entries) =>
    entries.filter(({ type }) => type !== 'command-applied'),
  ),
  lied('policy', 'the-first-closes-web', (entries) => {
    const policy = entries[0]?.data.policy as object;
    return data(entries, 0, { policy: { ...policy, copyAttemptLimit: 3 } });
  }),
];
