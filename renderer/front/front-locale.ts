import type { i18n } from 'i18next';
import enCommon from '#assets/locales/en/common.json';
import enFront from '#assets/locales/en/front.json';
import esCommon from '#assets/locales/es/common.json';
import esFront from '#assets/locales/es/front.json';
import { startI18n } from '#renderer/ui/i18n.ts';

const FRONT_WORDS = {
  es: { common: esCommon, front: esFront },
  en: { common: enCommon, front: enFront },
} as const;

/** Starts the page in Spanish; whoever reads it in English says so. */
export const startFrontI18n = (): i18n => {
  const words = startI18n(FRONT_WORDS, 'es');
  const nameDocument = () => {
    document.documentElement.lang = words.language;
    document.title = words.t('front:title');
  };
  words.on('languageChanged', nameDocument);
  nameDocument();
  return words;
};
