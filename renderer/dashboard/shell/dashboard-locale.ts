import type { i18n } from 'i18next';
import enCommon from '#assets/locales/en/common.json';
import enCoverage from '#assets/locales/en/coverage.json';
import enDashboard from '#assets/locales/en/dashboard.json';
import enDevices from '#assets/locales/en/devices.json';
import enIncidents from '#assets/locales/en/incidents.json';
import enKiosk from '#assets/locales/en/kiosk.json';
import enPassport from '#assets/locales/en/passport.json';
import enPrivacy from '#assets/locales/en/privacy.json';
import enProblems from '#assets/locales/en/problems.json';
import esCommon from '#assets/locales/es/common.json';
import esCoverage from '#assets/locales/es/coverage.json';
import esDashboard from '#assets/locales/es/dashboard.json';
import esDevices from '#assets/locales/es/devices.json';
import esIncidents from '#assets/locales/es/incidents.json';
import esKiosk from '#assets/locales/es/kiosk.json';
import esPassport from '#assets/locales/es/passport.json';
import esPrivacy from '#assets/locales/es/privacy.json';
import esProblems from '#assets/locales/es/problems.json';
import { type Locale, startI18n } from '#renderer/ui/i18n.ts';
import { preferences } from './preferences.ts';

const RESOURCES = {
  es: {
    common: esCommon,
    coverage: esCoverage,
    dashboard: esDashboard,
    devices: esDevices,
    incidents: esIncidents,
    // The lines of the device check have one name on both sides.
    kiosk: { device: esKiosk.device },
    passport: esPassport,
    privacy: esPrivacy,
    problems: esProblems,
  },
  en: {
    common: enCommon,
    coverage: enCoverage,
    dashboard: enDashboard,
    devices: enDevices,
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
  const i18n = startI18n(RESOURCES, preferences.locale());
  const nameDocument = () => {
    document.documentElement.lang = i18n.language;
    document.title = i18n.t('dashboard:title');
  };
  i18n.on('languageChanged', nameDocument);
  nameDocument();
  return i18n;
};

export const changeLocale = (i18n: i18n, locale: Locale): void => {
  preferences.setLocale(locale);
  void i18n.changeLanguage(locale);
};
