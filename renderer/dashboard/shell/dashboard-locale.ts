import type { i18n } from 'i18next';
import enCommon from '#assets/locales/en/common.json';
import enConnection from '#assets/locales/en/connection.json';
import enCoverage from '#assets/locales/en/coverage.json';
import enAttempt from '#assets/locales/en/dashboard/attempt.json';
import enEnrolments from '#assets/locales/en/dashboard/enrolments.json';
import enFleet from '#assets/locales/en/dashboard/fleet.json';
import enLive from '#assets/locales/en/dashboard/live.json';
import enPeople from '#assets/locales/en/dashboard/people.json';
import enPrivacy from '#assets/locales/en/dashboard/privacy.json';
import enRoom from '#assets/locales/en/dashboard/room.json';
import enShell from '#assets/locales/en/dashboard/shell.json';
import enIncidents from '#assets/locales/en/incidents.json';
import enKiosk from '#assets/locales/en/kiosk.json';
import enPassport from '#assets/locales/en/passport.json';
import enProblems from '#assets/locales/en/problems.json';
import esCommon from '#assets/locales/es/common.json';
import esConnection from '#assets/locales/es/connection.json';
import esCoverage from '#assets/locales/es/coverage.json';
import esAttempt from '#assets/locales/es/dashboard/attempt.json';
import esEnrolments from '#assets/locales/es/dashboard/enrolments.json';
import esFleet from '#assets/locales/es/dashboard/fleet.json';
import esLive from '#assets/locales/es/dashboard/live.json';
import esPeople from '#assets/locales/es/dashboard/people.json';
import esPrivacy from '#assets/locales/es/dashboard/privacy.json';
import esRoom from '#assets/locales/es/dashboard/room.json';
import esShell from '#assets/locales/es/dashboard/shell.json';
import esIncidents from '#assets/locales/es/incidents.json';
import esKiosk from '#assets/locales/es/kiosk.json';
import esPassport from '#assets/locales/es/passport.json';
import esProblems from '#assets/locales/es/problems.json';
import { type Locale, startI18n } from '#renderer/ui/i18n.ts';
import { preferences } from './preferences.ts';

/** All words of the dashboard; what is not its own keeps the name of its file. */
export const DASHBOARD_WORDS = {
  es: {
    common: esCommon,
    connection: esConnection,
    coverage: esCoverage,
    // Each feature keeps its own words; what they share is one vocabulary.
    dashboard: { ...esShell, ...esPeople, ...esLive, ...esRoom, ...esAttempt },
    fleet: esFleet,
    enrolments: esEnrolments,
    incidents: esIncidents,
    // The lines of the device check have one name on both sides.
    kiosk: { device: esKiosk.device },
    passport: esPassport,
    privacy: esPrivacy,
    problems: esProblems,
  },
  en: {
    common: enCommon,
    connection: enConnection,
    coverage: enCoverage,
    // Each feature keeps its own words; what they share is one vocabulary.
    dashboard: { ...enShell, ...enPeople, ...enLive, ...enRoom, ...enAttempt },
    fleet: enFleet,
    enrolments: enEnrolments,
    incidents: enIncidents,
    // The lines of the device check have one name on both sides.
    kiosk: { device: enKiosk.device },
    passport: enPassport,
    privacy: enPrivacy,
    problems: enProblems,
  },
} as const;

/** Starts the dashboard's translations in the language chosen on this computer. */
export const startDashboardI18n = (): i18n => {
  const i18n = startI18n(DASHBOARD_WORDS, preferences.locale());
  const nameDocument = () => {
    document.documentElement.lang = i18n.language;
  };
  i18n.on('languageChanged', nameDocument);
  nameDocument();
  return i18n;
};

export const changeLocale = (i18n: i18n, locale: Locale): void => {
  preferences.setLocale(locale);
  void i18n.changeLanguage(locale);
};
