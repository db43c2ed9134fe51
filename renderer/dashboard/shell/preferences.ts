import type { Locale } from '#renderer/ui/i18n.ts';

const LOCALE = 'atalaya.dashboard.locale';
const SOUND = 'atalaya.dashboard.sound';

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    // Storage may be forbidden; then every visit begins with the defaults.
    return null;
  }
};

const write = (key: string, value: string): void => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice holds for this visit only.
  }
};

/** What this person chose on this computer; Spanish and no sound to begin with. */
export const preferences = {
  locale: (): Locale => (read(LOCALE) === 'en' ? 'en' : 'es'),
  setLocale: (locale: Locale): void => write(LOCALE, locale),
  sound: (): boolean => read(SOUND) === 'on',
  setSound: (on: boolean): void => write(SOUND, on ? 'on' : 'off'),
};
