import { check } from '#shared/kernel/schema.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { isKnownCommand } from '#shared/wire/command.ts';
import { FACTS, type Fact, type FactType, isFactType } from '#shared/wire/facts.ts';

/** How much an entry tells a person. `minor` ones are left out until somebody wants all. */
export type EntryWeight = 'alarm' | 'look' | 'plain' | 'minor';

export interface EntryWords {
  /** Key of the sentence under `entry.`, with what goes into it. */
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** Kind whose name goes into the sentence as `what`. */
  readonly kind: string | null;
  /** Lines of the device check whose names go into the sentence as `names`. */
  readonly lines: readonly string[];
  /** Somebody's own words, in quotes below. */
  readonly quote: string | null;
  readonly weight: EntryWeight;
}

const MINOR: ReadonlySet<FactType> = new Set<FactType>([
  'question-visited',
  'question-flagged',
  'answer-saved',
  'observation',
  'checkpoint',
  'incident-closed',
  'notice-acknowledged',
  'message-read',
]);

const factOf = (entry: LedgerEntry): Fact | null => {
  if (!isFactType(entry.type)) return null;
  if (!check(FACTS[entry.type], entry.data).ok) return null;
  return { type: entry.type, data: entry.data } as unknown as Fact;
};

const HOSTS: ReadonlySet<string> = new Set(['electron', 'web']);

const minutes = (ms: number): number => Math.round(ms / 60_000);
const seconds = (ms: number): number => Math.round(ms / 1_000);

type Told = Partial<Omit<EntryWords, 'weight'>> & { readonly weight?: EntryWeight };

const tell = (fact: Fact): Told => {
  switch (fact.type) {
    case 'attempt-opened':
      return {
        key: HOSTS.has(fact.data.host.kind) ? `attempt-opened-${fact.data.host.kind}` : fact.type,
        params: { version: fact.data.host.version },
      };
    case 'coverage-changed': {
      const failed = Object.values(fact.data.coverage).filter((c) => c.level === 'not-watched');
      return failed.length === 0
        ? { key: 'coverage-changed-back' }
        : { params: { count: failed.length }, weight: 'look' };
    }
    case 'staff-exit':
      return {
        key: `staff-exit-${fact.data.outcome}`,
        quote: fact.data.reason,
        weight: fact.data.outcome === 'opened' ? 'look' : 'alarm',
      };
    case 'host-restarted':
      return { params: { seconds: seconds(fact.data.downMs) }, weight: 'look' };
    case 'storage-failed':
      return { weight: 'look' };
    case 'storage-recovered':
      return { params: { seconds: seconds(fact.data.failedMs) } };
    case 'device-checked': {
      // What must pass has passed, or the kiosk had not gone on: the rest are notes, each by its name.
      const noted = fact.data.results.filter((r) => r.outcome === 'failed');
      return noted.length === 0
        ? { params: { count: fact.data.results.length } }
        : {
            key: 'device-checked-notes',
            params: { count: noted.length },
            lines: noted.map((r) => r.requirement),
            weight: 'look',
          };
    }
    case 'rules-accepted':
      return { params: { version: fact.data.rulesVersion } };
    case 'identity-checked':
      return {
        key: `identity-checked-${fact.data.outcome}`,
        weight: fact.data.outcome === 'verified' ? 'plain' : 'look',
      };
    case 'document-missing':
      return { weight: 'look' };
    case 'staff-identity': {
      const { outcome, decision, authorisedBy, reason } = fact.data;
      // A wrong code decides nothing: what was chosen beside it would only mislead.
      if (outcome === 'refused') {
        return { key: 'staff-identity-wrong-code', quote: reason, weight: 'alarm' };
      }
      return {
        key: `staff-identity-${decision}`,
        params: { authorisedBy: authorisedBy ?? '' },
        quote: reason,
        weight: decision === 'refused' ? 'alarm' : 'look',
      };
    }
    case 'room-scanned':
      return {
        key: `room-scanned-${fact.data.outcome}`,
        weight: fact.data.outcome === 'shown' ? 'plain' : 'look',
      };
    case 'watch-began':
      return {
        key: `watch-began-${fact.data.judged}`,
        weight: fact.data.judged === 'counts' ? 'plain' : 'look',
      };
    case 'exam-started':
      return { params: { count: minutes(fact.data.durationMs) } };
    case 'question-visited':
    case 'answer-saved':
      return { params: { question: fact.data.questionId } };
    case 'question-flagged':
      return {
        key: fact.data.flagged ? 'question-flagged' : 'question-unflagged',
        params: { question: fact.data.questionId },
      };
    case 'observation':
      return { key: `observation-${fact.data.phase}`, kind: fact.data.kind };
    case 'warning-shown':
      return { kind: fact.data.kind };
    case 'incident-opened':
      return {
        key: fact.data.incident.counted ? 'incident-opened-counted' : 'incident-opened',
        kind: fact.data.incident.kind,
        weight: fact.data.incident.counted ? 'plain' : 'look',
      };
    case 'copy-attempt':
      return { params: { number: fact.data.number }, weight: 'alarm' };
    case 'objection':
      return { quote: fact.data.text, weight: 'look' };
    case 'command-applied': {
      const { command, issuedBy } = fact.data.issued;
      const by = issuedBy.name;
      if (!isKnownCommand(command)) {
        return { key: 'command-unknown', params: { by, type: command.type }, weight: 'look' };
      }
      const quote = command.type === 'message' ? command.text : command.reason;
      if (fact.data.outcome === 'rejected') {
        return { key: 'command-rejected', params: { by }, quote, weight: 'look' };
      }
      if (command.type !== 'identity') {
        return { key: `command-${command.type}`, params: { by }, quote };
      }
      return {
        key: `command-identity-${command.decision}`,
        params: { by, authorisedBy: command.authorisedBy ?? '' },
        quote,
        weight: command.decision === 'refused' ? 'alarm' : 'look',
      };
    }
    case 'attempt-closed':
      return {
        key: `attempt-closed-${fact.data.by}`,
        params: { count: minutes(fact.data.remainingMs) },
        weight: fact.data.by === 'copy-attempts' || fact.data.by === 'proctor' ? 'alarm' : 'plain',
      };
    default:
      return {};
  }
};

/** A ledger entry as words for people. An entry that this version does not know is named, never left out. */
export const entryWords = (entry: LedgerEntry): EntryWords => {
  const fact = factOf(entry);
  if (fact === null) {
    return {
      key: 'unknown',
      params: { type: entry.type },
      kind: null,
      lines: [],
      quote: null,
      weight: 'look',
    };
  }
  const told = tell(fact);
  return {
    key: told.key ?? fact.type,
    params: told.params ?? {},
    kind: told.kind ?? null,
    lines: told.lines ?? [],
    quote: told.quote ?? null,
    weight: told.weight ?? (MINOR.has(fact.type) ? 'minor' : 'plain'),
  };
};
