import i18next from 'i18next';
import en from '#assets/locales/en/config.json' with { type: 'json' };
import es from '#assets/locales/es/config.json' with { type: 'json' };

/** What is wrong with a machine's configuration, and where. Never the value itself: it may be a code. */
export interface ConfigProblem {
  readonly code: keyof typeof es.problem;
  /** Path of the file, or the registry key. */
  readonly file: string;
  /** Line from 1; null where the place has none (registry, profile). */
  readonly line: number | null;
  /** The key that it is about, with its path inside (`programs/forbidden/0`). */
  readonly key?: string;
  readonly near?: string;
  readonly machineFile?: string;
  readonly date?: string;
  readonly computer?: string;
  readonly detail?: string;
}

const words = i18next.createInstance();
void words.init({
  resources: { es: { config: es }, en: { config: en } },
  lng: 'es',
  fallbackLng: 'es',
  defaultNS: 'config',
  initAsync: false,
  interpolation: { escapeValue: false },
});

/** A short text of the same file, in Spanish. */
export const configWord = (key: 'title' | 'enrolment.title'): string => words.getFixedT('es')(key);

/** The sentence for the person who installs: the file, the line, what is wrong and what to do. */
export const describeConfigProblem = (
  problem: ConfigProblem,
  locale: 'es' | 'en' = 'es',
): string => {
  const t = words.getFixedT(locale);
  const { file, line, key } = problem;
  const place = line === null ? file : t('place', { file, line });
  const top = key?.split('/')[0] ?? '';
  const expected = t([`expected.${top}`, 'expected.any']);
  const code = problem.near === undefined ? problem.code : 'unknown-key-near';
  return t(`problem.${code}`, { ...problem, place, expected });
};

/** Thrown at the start; its message is the sentence in Spanish. */
export class ConfigError extends Error {
  readonly problem: ConfigProblem;

  constructor(problem: ConfigProblem) {
    super(describeConfigProblem(problem));
    this.name = 'ConfigError';
    this.problem = problem;
  }
}
