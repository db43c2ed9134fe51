import kiosk from '#assets/locales/es/kiosk.json' with { type: 'json' };
import sentences from '#assets/locales/es/problems.json' with { type: 'json' };

/** The words on the kiosk's screens, from where the screens take them. */
export const words = kiosk;
/** The sentence of each problem code. */
export const problems = sentences;

/** A word with its values put in, as in `fill(words.notice.count, { number: 1, limit: 3 })`. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
