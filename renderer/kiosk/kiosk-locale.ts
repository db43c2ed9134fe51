import type { i18n } from 'i18next';
import enCommon from '#assets/locales/en/common.json';
import enConnection from '#assets/locales/en/connection.json';
import enIncidents from '#assets/locales/en/incidents.json';
import enKiosk from '#assets/locales/en/kiosk.json';
import enProblems from '#assets/locales/en/problems.json';
import esCommon from '#assets/locales/es/common.json';
import esConnection from '#assets/locales/es/connection.json';
import esIncidents from '#assets/locales/es/incidents.json';
import esKiosk from '#assets/locales/es/kiosk.json';
import esProblems from '#assets/locales/es/problems.json';
import { type Locale, startI18n } from '#renderer/ui/i18n.ts';

const RESOURCES = {
  es: {
    common: esCommon,
    connection: esConnection,
    kiosk: esKiosk,
    problems: esProblems,
    incidents: esIncidents,
  },
  en: {
    common: enCommon,
    connection: enConnection,
    kiosk: enKiosk,
    problems: enProblems,
    incidents: enIncidents,
  },
} as const;

const KEY = 'atalaya.locale';

/** The language of this sitting: kept over a reload, forgotten at sign-out so that the next person begins in Spanish. */
const remembered = (): Locale => {
  try {
    return sessionStorage.getItem(KEY) === 'en' ? 'en' : 'es';
  } catch {
    // A page without storage (private mode, policy) begins in Spanish.
    return 'es';
  }
};

const remember = (locale: Locale): void => {
  try {
    sessionStorage.setItem(KEY, locale);
  } catch {
    // Then a reload begins in Spanish again; nothing else depends on it.
  }
};

/** Starts the kiosk's translations in the language of this sitting. */
export const startKioskI18n = (): i18n => startI18n(RESOURCES, remembered());

/** Changes every screen's language, and what the document says of itself. */
export const changeLocale = (i18n: i18n, locale: Locale): void => {
  remember(locale);
  void i18n.changeLanguage(locale);
};

export const localeOf = (i18n: i18n): Locale => (i18n.language === 'en' ? 'en' : 'es');
