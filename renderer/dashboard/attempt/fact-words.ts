import type { TFunction } from 'i18next';
import type { Facts } from '#shared/incident/observation.ts';

/** Names that a machine or a person gave: shown as they are. */
const NAMES: ReadonlySet<string> = new Set([
  'address',
  'app',
  'before',
  'device',
  'found',
  'from',
  'interface',
  'model',
  'name',
  'network',
  'now',
  'port',
  'product',
  'program',
  'shortcut',
  'through',
  'title',
  'to',
]);

/** What only joins entries to one another. */
const JOINTS: ReadonlySet<string> = new Set(['request']);

export interface FactWords {
  /** "name: value" in the person's language, in the facts' order. */
  readonly told: readonly string[];
  /** How many there are that have no words here: of a later version, in the exported record. */
  readonly untold: number;
}

/**
 * An incident's facts for people. What this version has no word for is counted, never shown as the key that programs use.
 * @param t of the namespace `dashboard`.
 * @param locale of the numbers, BCP 47.
 */
export const factWords = (facts: Facts, t: TFunction<'dashboard'>, locale: string): FactWords => {
  const has = (key: string): boolean => t(key, { defaultValue: '' }) !== '';
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const wordOf = (key: string, value: Facts[string]): string => {
    if (typeof value === 'number') return number.format(value);
    const own = [`factValue.${key}-${value}`, `factValue.${value}`].find(has);
    if (own !== undefined) return t(own);
    return NAMES.has(key) ? String(value) : t('factValue.other');
  };
  const shown = Object.entries(facts).filter(([key]) => !JOINTS.has(key));
  const known = shown.filter(([key]) => has(`fact.${key}`));
  return {
    told: known.map(([key, value]) => `${t(`fact.${key}`)}: ${wordOf(key, value)}`),
    untold: shown.length - known.length,
  };
};
