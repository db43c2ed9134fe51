import { createInstance } from 'i18next';
import enConnection from '#assets/locales/en/connection.json';
import enCoverage from '#assets/locales/en/coverage.json';
import enIncidents from '#assets/locales/en/incidents.json';
import enKiosk from '#assets/locales/en/kiosk.json';
import enPassport from '#assets/locales/en/passport.json';
import enProblems from '#assets/locales/en/problems.json';
import esConnection from '#assets/locales/es/connection.json';
import esCoverage from '#assets/locales/es/coverage.json';
import esIncidents from '#assets/locales/es/incidents.json';
import esKiosk from '#assets/locales/es/kiosk.json';
import esPassport from '#assets/locales/es/passport.json';
import esProblems from '#assets/locales/es/problems.json';

/** A sentence by its key; `:` after the name of its file, the first key that exists. */
export type DoctorWords = (
  key: string | readonly string[],
  facts?: Readonly<Record<string, string | number>>,
) => string;

/** @param language `es` unless it begins with `en`. */
export const doctorWords = (language: string): DoctorWords => {
  const i18n = createInstance();
  void i18n.init({
    resources: {
      es: {
        passport: esPassport,
        connection: esConnection,
        coverage: esCoverage,
        incidents: esIncidents,
        kiosk: { device: esKiosk.device },
        problems: esProblems,
      },
      en: {
        passport: enPassport,
        connection: enConnection,
        coverage: enCoverage,
        incidents: enIncidents,
        kiosk: { device: enKiosk.device },
        problems: enProblems,
      },
    },
    lng: language.toLowerCase().startsWith('en') ? 'en' : 'es',
    fallbackLng: 'es',
    defaultNS: 'passport',
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  return (key, facts = {}) => i18n.t(typeof key === 'string' ? key : [...key], facts);
};
