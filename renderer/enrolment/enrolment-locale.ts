import type { i18n } from 'i18next';
import enCommon from '#assets/locales/en/common.json';
import enConnection from '#assets/locales/en/connection.json';
import enEnrolment from '#assets/locales/en/enrolment.json';
import enProblems from '#assets/locales/en/problems.json';
import esCommon from '#assets/locales/es/common.json';
import esConnection from '#assets/locales/es/connection.json';
import esEnrolment from '#assets/locales/es/enrolment.json';
import esProblems from '#assets/locales/es/problems.json';
import { type Locale, startI18n } from '#renderer/ui/i18n.ts';

const RESOURCES = {
  es: { common: esCommon, connection: esConnection, enrolment: esEnrolment, problems: esProblems },
  en: { common: enCommon, connection: enConnection, enrolment: enEnrolment, problems: enProblems },
} as const;

/** Starts the page in Spanish; whoever reads it in English says so. */
export const startEnrolmentI18n = (): i18n => {
  const words = startI18n(RESOURCES, 'es');
  const nameDocument = () => {
    document.documentElement.lang = words.language;
    document.title = words.t('enrolment:title');
  };
  words.on('languageChanged', nameDocument);
  nameDocument();
  return words;
};

export const localeOf = (words: i18n): Locale => (words.language === 'en' ? 'en' : 'es');
