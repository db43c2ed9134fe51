import { useTranslation } from 'react-i18next';
import { catalogued } from '#shared/incident/catalogue.ts';
import type { KindName } from '#shared/incident/kind.ts';

/** The articles that a kind goes back to, as people write them: "29c, 29e"; empty for one that this build does not know. */
export const articlesOf = (kind: KindName): string => catalogued(kind)?.articles.join(', ') ?? '';

/** What a kind of incident is called, in the language of the screens. */
export const useIncidentWords = () => {
  const { t } = useTranslation('incidents');
  return {
    /** What was seen, as a sentence without blame. */
    seen: (kind: KindName): string => t([`${kind}.seen`, 'unknown.seen'], { kind }),
    title: (kind: KindName): string => t([`${kind}.title`, 'unknown.title'], { kind }),
    /** What the examinee can do about it. */
    mend: (kind: KindName): string => t([`${kind}.mend`, 'unknown.mend'], { kind }),
    /** What to do right now, before it counts: short, because there are only seconds to read it. */
    warn: (kind: KindName): string => t([`${kind}.warn`, `${kind}.mend`, 'unknown.mend'], { kind }),
  };
};
