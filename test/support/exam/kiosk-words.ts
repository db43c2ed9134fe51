import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = (name: string): string =>
  join(import.meta.dirname, '../../../assets/locales/es', name);

/** The words on the kiosk's screens, from where the screens take them. */
export const words = JSON.parse(readFileSync(file('kiosk.json'), 'utf8'));
/** The sentence of each problem code. */
export const problems: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(file('problems.json'), 'utf8'),
);

/** A word with its values put in, as in `fill(words.notice.count, { number: 1, limit: 3 })`. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
