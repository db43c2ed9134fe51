import words from '#assets/locales/en/dashboard/attempt.json' with { type: 'json' };
import { CATALOGUE, DEFAULT_POLICY } from '#shared/incident/catalogue.ts';
import { INCIDENT_KINDS } from '#shared/incident/kind.ts';
import { rulesOf } from '#shared/incident/rule-sets.ts';

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** What a client has to know of each kind, in the order in which the rules go through them. */
const kindsTable = (): string =>
  table(
    ['kind', 'family', 'by default', '`minMs`', '`warnAfterMs`', '`breakMs`', 'waits for the gate'],
    INCIDENT_KINDS.map((kind) => {
      const { family, policy } = CATALOGUE[kind];
      const held = rulesOf(DEFAULT_POLICY)?.parts.heldBack(kind) === true;
      const { effect, minMs, warnAfterMs, breakMs } = policy;
      const numbers = [minMs, warnAfterMs ?? '-', breakMs].map(String);
      return [`\`${kind}\``, family, effect, ...numbers, held ? 'yes' : ''];
    }),
  );

const codesTable = (sentences: Readonly<Record<string, string>>): string =>
  table(
    ['code', 'sentence'],
    Object.entries(sentences).map(([code, sentence]) => [`\`${code}\``, sentence]),
  );

/** The parts of the written protocol that follow from the code, by the name of their place. */
export const protocolTables = (): Readonly<Record<string, string>> => ({
  kinds: kindsTable(),
  breaks: codesTable(words.doubts.break),
  contradictions: codesTable(words.doubts.contradiction),
});
