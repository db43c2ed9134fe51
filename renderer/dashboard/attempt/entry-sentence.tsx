import { useTranslation } from 'react-i18next';
import type { EntryWords } from './entry-words.ts';

/** What an entry says, as one sentence of the screen's language. */
export const EntrySentence = ({ words }: { words: EntryWords }) => {
  const { t } = useTranslation(['dashboard', 'incidents', 'kiosk']);
  return t(`entry.${words.key}`, {
    ...words.params,
    names: words.lines
      .map((line) => t([`kiosk:device.lines.${line}.name`, 'entry.otherLine']))
      .join(', '),
    what:
      words.kind === null
        ? ''
        : t([`incidents:${words.kind}.staff`, 'incidents:unknown.staff'], { kind: words.kind }),
  });
};
