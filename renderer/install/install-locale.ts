import type { i18n } from 'i18next';
import enCommon from '#assets/locales/en/common.json';
import enInstall from '#assets/locales/en/install.json';
import esCommon from '#assets/locales/es/common.json';
import esInstall from '#assets/locales/es/install.json';
import { startI18n } from '#renderer/ui/i18n.ts';

const RESOURCES = {
  es: { common: esCommon, install: esInstall },
  en: { common: enCommon, install: enInstall },
} as const;

/** Starts the page in Spanish; whoever reads it in English says so. */
export const startInstallI18n = (): i18n => {
  const words = startI18n(RESOURCES, 'es');
  const nameDocument = () => {
    document.documentElement.lang = words.language;
    document.title = words.t('install:title');
  };
  words.on('languageChanged', nameDocument);
  nameDocument();
  return words;
};
