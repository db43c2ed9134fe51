import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

/** The languages of every screen; Spanish is complete by definition and the fallback. */
export type Locale = 'es' | 'en';

type Namespaces = Readonly<Record<string, object>>;

/**
 * Starts translations with everything bundled: no request at run time, so screens read the same off line.
 * @param resources one object per locale, each with one object per namespace (file in `assets/locales`).
 */
export const startI18n = (
  resources: Readonly<Record<Locale, Namespaces>>,
  locale: Locale,
): i18n => {
  const instance = i18next.createInstance();
  void instance.use(initReactI18next).init({
    resources,
    lng: locale,
    fallbackLng: 'es',
    initAsync: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  return instance;
};
