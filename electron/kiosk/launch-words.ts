import { createInstance } from 'i18next';
import en from '#assets/locales/en/launch.json';
import es from '#assets/locales/es/launch.json';
import type { Undone } from './kiosk-lockdown.ts';
import type { LaunchObjection } from './launch-objections.ts';

/** The sentences of a start that shows no page: a refusal, and `--restore` in a terminal. */
export interface LaunchWords {
  readonly refusal: (objections: readonly LaunchObjection[]) => { title: string; text: string };
  /** One line each. @param spoiled where an unreadable journal was put, or null. */
  readonly restored: (result: Undone, spoiled: string | null) => readonly string[];
  readonly running: () => string;
}

/** @param language `es` unless it begins with `en`. */
export const launchWords = (language: string): LaunchWords => {
  const i18n = createInstance();
  void i18n.init({
    resources: { es: { launch: es }, en: { launch: en } },
    lng: language.toLowerCase().startsWith('en') ? 'en' : 'es',
    fallbackLng: 'es',
    defaultNS: 'launch',
    initAsync: false,
    interpolation: { escapeValue: false },
  });
  const say = (key: string, facts: Readonly<Record<string, string>> = {}): string =>
    i18n.t(key, facts);
  const step = (id: string): string => i18n.t([`step.${id}`, 'step.other'], { step: id });
  return {
    refusal: (objections) => {
      const names = (where: LaunchObjection['where']): string =>
        objections
          .filter((one) => one.refuses && one.where === where)
          .map(({ name }) => name)
          .join(', ');
      const sentences = (['switch', 'variable'] as const).flatMap((where) =>
        names(where) === '' ? [] : [say(`refused.${where}`, { names: names(where) })],
      );
      return {
        title: say('refused.title'),
        text: [...sentences, say('refused.mend')].join('\n'),
      };
    },
    restored: ({ undone, failed }, spoiled) => {
      const lines = [
        ...undone.map((id) => say('restore.undone', { step: step(id) })),
        ...failed.map((one) => say('restore.failed', { step: step(one.step), detail: one.detail })),
        ...(spoiled === null ? [] : [say('restore.spoiled', { file: spoiled })]),
      ];
      if (failed.length > 0) return [...lines, say('restore.again')];
      if (spoiled !== null) return lines;
      return lines.length === 0 ? [say('restore.nothing')] : [...lines, say('restore.whole')];
    },
    running: () => say('restore.running'),
  };
};
