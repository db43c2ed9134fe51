import { useTranslation } from 'react-i18next';
import { useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import type { AttemptDetail } from '#shared/wire/dashboard.ts';
import type { Break } from '#shared/wire/doubt.ts';
import { EntrySentence } from './entry-sentence.tsx';
import { entryWords } from './entry-words.ts';
import classes from './panel-incidents.module.css';

/** Refused because of these, an entry is not stored: what stands in its place, if anything, is another one. */
const NOT_STORED: ReadonlySet<Break['code']> = new Set(['previous', 'hash']);

/** What the entry says that a doubt is about: its number alone tells nobody anything. */
const About = ({ entry }: { entry: LedgerEntry | undefined }) => {
  const locale = useLocale();
  if (entry === undefined) return null;
  return (
    <div className={classes.facts}>
      {formatClock(entry.wall, locale, true)} · <EntrySentence words={entryWords(entry)} />
    </div>
  );
};

/** Why a person should look at the record itself: what broke it, what it says against the server, what is missing. */
export const PanelDoubts = ({
  doubts,
  entries,
}: Pick<AttemptDetail, 'doubts'> & { entries: readonly LedgerEntry[] }) => {
  const { t } = useTranslation('dashboard');
  const { broken, contradictions, missingPictures } = doubts;
  if (broken === null && contradictions.length === 0 && missingPictures === 0) return null;
  const number = (seq: number | null) => (seq === null ? '' : ` (${t('doubts.entry', { seq })})`);
  const stored = (seq: number | null) => entries.find((entry) => entry.seq === seq);
  return (
    <section aria-labelledby="panel-doubts">
      <h3 id="panel-doubts" className={classes.title}>
        {t('doubts.title')}
      </h3>
      <ul className={classes.list}>
        {broken !== null && (
          <Guarded shape="line" version={doubts}>
            {() => (
              <li className={classes.item} data-break={broken.code}>
                {t(`doubts.break.${broken.code}`)}
                {number(broken.seq)}
                {!NOT_STORED.has(broken.code) && <About entry={stored(broken.seq)} />}
              </li>
            )}
          </Guarded>
        )}
        {contradictions.map(({ code, seq }) => (
          <Guarded key={code} shape="line" version={doubts}>
            {() => (
              <li className={classes.item} data-contradiction={code}>
                {t(`doubts.contradiction.${code}`)}
                {number(seq)}
                <About entry={stored(seq)} />
              </li>
            )}
          </Guarded>
        ))}
        {missingPictures > 0 && (
          <li className={classes.item} data-missing-pictures>
            {t('doubts.pictures', { count: missingPictures })}
          </li>
        )}
      </ul>
      {broken !== null && <p className={classes.facts}>{t('doubts.breakHint')}</p>}
      {contradictions.length > 0 && <p className={classes.facts}>{t('doubts.hint')}</p>}
    </section>
  );
};
