import { CATALOGUE, counts, needsCamera } from './catalogue.ts';
import { INCIDENT_KINDS, type IncidentKind, isIncidentKind, type KindName } from './kind.ts';
import { gateTimes, kindPolicy, type Policy } from './policy.ts';
import type { RuleParts } from './rule-parts.ts';
import { type RuleSet, ruleSet } from './rule-set.ts';

/** The rules of every ledger whose policy says version 1: all since the first. */
const VERSION_1: RuleParts = {
  version: 1,
  carryMs: 15_000,
  rememberedEpisodes: 8,
  closingMs: 5_000,
  kinds: INCIDENT_KINDS,
  familyOf: (kind) => CATALOGUE[kind].family,
  judges: (kind: KindName, policy: Policy): kind is IncidentKind =>
    isIncidentKind(kind) &&
    kindPolicy(policy, kind).effect !== 'ignore' &&
    !(policy.cameraExempt && needsCamera(kind)),
  excused: () => false,
  numberAfter: (standing) => standing + 1,
  gate: () => false,
  heldBack: () => false,
  counts,
};

/**
 * The rules of new exams (`DEFAULT_POLICY` names them); released, and held to what they decided by the golden ledgers of
 * 0.1.0-e81a687. What is to be decided otherwise is a part of the next version. A step that is not a part yet becomes
 * one, with its present way as these versions'.
 */
const VERSION_2: RuleParts = {
  ...VERSION_1,
  version: 2,
  // Programs that read aloud fill the clipboard themselves, or send the keys that copy; neither brings anything in.
  excused: (kind, facts, policy) =>
    policy.readsByClipboard === true &&
    ((kind === 'outside-input' && facts.cause === 'clipboard-text') ||
      (kind === 'clipboard' && facts.action === 'copy')),
  // A number that was dismissed is not given again: two attempts of one number cannot be told apart in an appeal.
  numberAfter: (_standing, highest) => highest + 1,
  gate: (policy) => gateTimes(policy) !== null,
  // A view of the room that was refused is an answer to the proctor, not something that the camera saw.
  heldBack: (kind) => needsCamera(kind) && kind !== 'room-scan-refused',
};

/**
 * Every version that this build can judge by. One that was ever released stays as it is: its ledgers are
 * replayed with it in an appeal, and the golden ledgers (`test/ledgers`) notice when it decides otherwise. What is to be
 * decided otherwise afterwards is a new version beside it; policies name it.
 */
const RULE_SETS: readonly RuleSet[] = [ruleSet(VERSION_1), ruleSet(VERSION_2)];

const BY_VERSION: ReadonlyMap<number, RuleSet> = new Map(
  RULE_SETS.map((rules) => [rules.parts.version, rules]),
);

/** The rules that a policy names; null when this build does not have them. */
export const rulesOf = ({ version }: Pick<Policy, 'version'>): RuleSet | null =>
  BY_VERSION.get(version) ?? null;
