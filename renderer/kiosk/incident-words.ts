import { useTranslation } from 'react-i18next';
import { CATALOGUE } from '#shared/incident/catalogue.ts';
import type { IncidentKind } from '#shared/incident/kind.ts';

/** The articles that a kind goes back to, as people write them: "29c, 29e". */
export const articlesOf = (kind: IncidentKind): string => CATALOGUE[kind].articles.join(', ');

/** What a kind of incident is called, in the language of the screens. */
export const useIncidentWords = () => {
  const { t } = useTranslation('incidents');
  return {
    /** What was seen, as a sentence without blame. */
    seen: (kind: IncidentKind): string => t(`${kind}.seen`),
    title: (kind: IncidentKind): string => t(`${kind}.title`),
    /** What the examinee can do about it. */
    mend: (kind: IncidentKind): string => t(`${kind}.mend`),
    /** What to do right now, before it counts: short, because there are only seconds to read it. */
    warn: (kind: IncidentKind): string => t([`${kind}.warn`, `${kind}.mend`]),
  };
};
