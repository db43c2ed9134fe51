import { needsCamera } from './catalogue.ts';
import { INCIDENT_KINDS, type IncidentKind, isIncidentKind } from './kind.ts';
import type { KindPolicy, Policy } from './policy.ts';

/**
 * Every accommodation, named by what it changes. Student welfare knows the reason (Art. 55, 63); it is
 * stored nowhere here and never travels.
 */
export const ACCOMMODATIONS = [
  'camera-exempt',
  'extra-time',
  'second-person',
  'involuntary-movement',
  'looks-away',
  'covered-face',
  'assistive-technology',
] as const;
export type Accommodation = (typeof ACCOMMODATIONS)[number];

export const isAccommodation = (code: unknown): code is Accommodation =>
  ACCOMMODATIONS.some((known) => known === code);

/** What an accommodation does to one kind. It can only be milder than the exam's own rule. */
export interface KindChange {
  /** The most that may come of it. The examinee is not warned either: what is asked need not be done. */
  readonly atMost?: 'review' | 'ignore';
  /** How many times longer than for others it must last until the warning and until the incident. */
  readonly slower?: number;
}

export interface AccommodationEntry {
  /** Articles of the exam instruction (INT.32): "55". */
  readonly articles: readonly string[];
  /** Exactly the rules that it changes; empty when it changes none of them. */
  readonly kinds: Partial<Readonly<Record<IncidentKind, KindChange>>>;
  /** Why these and no others, for whoever wants to change them. */
  readonly reason: string;
}

const REVIEW: KindChange = { atMost: 'review' };
const THREE_TIMES: KindChange = { slower: 3 };

/** What each accommodation changes: the one place for it. */
export const ACCOMMODATION_EFFECTS: Readonly<Record<Accommodation, AccommodationEntry>> = {
  'camera-exempt': {
    articles: ['26d', '22'],
    kinds: Object.fromEntries(
      INCIDENT_KINDS.filter(needsCamera).map((kind): [IncidentKind, KindChange] => [
        kind,
        { atMost: 'ignore' },
      ]),
    ),
    reason: 'The camera is not asked for, so nothing that only the camera can tell is judged.',
  },
  'extra-time': {
    articles: ['55', '63'],
    kinds: {},
    reason: 'Changes how long the exam lasts, and no rule of what is watched.',
  },
  'second-person': {
    articles: ['22', '35m'],
    kinds: { 'several-faces': REVIEW, 'turned-away': REVIEW },
    reason:
      'A nurse, an interpreter or a reader may be in the picture, and who is helped looks at the helper. Three faces are for review too: the number is known when the second face appears, not when a third joins; it is with the evidence. That somebody sits there, and who, stays judged: the helper alone in the picture is for the identity check.',
  },
  'involuntary-movement': {
    articles: ['22', '35m'],
    kinds: { 'turned-away': THREE_TIMES, 'off-frame': THREE_TIMES, 'no-face': THREE_TIMES },
    reason:
      'Movements that nobody chose turn the head or take it out of the picture for some seconds, several in a row. Three times as long outlasts them and still shows somebody who left.',
  },
  'looks-away': {
    articles: ['22', '35m'],
    kinds: { 'turned-away': REVIEW },
    reason:
      'Who reads with one eye, from the side or close to a sheet holds the head turned all the time; no duration tells that from looking elsewhere.',
  },
  'covered-face': {
    articles: ['27d'],
    kinds: { 'turned-away': REVIEW, 'no-face': REVIEW },
    reason:
      'Medically justified glasses, head cover or mask. The direction of the head is measured from eyes, nose and mouth, which the detector guesses when they are covered, and a covered face may not be found at all. How well is not measured, so a person looks. Size and place come from the whole head and stay; light and identity are for review for everybody.',
  },
  'assistive-technology': {
    articles: ['22', '35m'],
    kinds: {},
    reason:
      'Changes no rule of a kind: the assistive programs and devices on the lists pass for everybody, and typing too fast for a hand is for review for everybody. Programs that read aloud put each sentence into the clipboard, or ask the page for it: what a service of the machine does there, and a copy that the page refuses, is on record and no incident (`readsByClipboard`). Text from outside that is pasted, and text copied after leaving the exam, stays what it is.',
  },
};

const SEVERITY: Readonly<Record<KindPolicy['effect'], number>> = { ignore: 0, review: 1, count: 2 };

const milder = (a: KindPolicy['effect'], b: KindPolicy['effect']): KindPolicy['effect'] =>
  SEVERITY[a] <= SEVERITY[b] ? a : b;

const changed = (policy: KindPolicy, changes: readonly KindChange[]): KindPolicy => {
  const factor = Math.max(1, ...changes.map(({ slower }) => slower ?? 1));
  const softened = changes.flatMap(({ atMost }) => atMost ?? []);
  const { warnAfterMs } = policy;
  return {
    ...policy,
    effect: softened.reduce(milder, policy.effect),
    minMs: policy.minMs * factor,
    warnAfterMs: softened.length > 0 || warnAfterMs === null ? null : warnAfterMs * factor,
  };
};

/**
 * An exam's policy with an examinee's accommodations. Each changes exactly the kinds that
 * `ACCOMMODATION_EFFECTS` names; where two name the same kind the milder holds, in any order. The breaks
 * that are no break stay as they are: longer ones would join what was apart.
 * @param policy the exam's own; accommodations must not have been applied to it already.
 */
export const accommodate = (policy: Policy, accommodations: ReadonlySet<Accommodation>): Policy => {
  const entries = ACCOMMODATIONS.filter((code) => accommodations.has(code)).map(
    (code) => ACCOMMODATION_EFFECTS[code],
  );
  const kinds = Object.entries(policy.kinds).map(([kind, own]) => {
    // What a kind means that this build does not know, an accommodation of this build cannot change.
    const changes = isIncidentKind(kind) ? entries.flatMap((entry) => entry.kinds[kind] ?? []) : [];
    return [kind, own === undefined || changes.length === 0 ? own : changed(own, changes)];
  });
  return {
    ...policy,
    cameraExempt: policy.cameraExempt || accommodations.has('camera-exempt'),
    ...(accommodations.has('assistive-technology') && { readsByClipboard: true }),
    kinds: Object.fromEntries(kinds) as Policy['kinds'],
  };
};
