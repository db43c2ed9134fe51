import { Button, Skeleton, Switch } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { LedgerEntry } from '#shared/ledger/entry.ts';
import { EntrySentence } from './entry-sentence.tsx';
import { entryWords } from './entry-words.ts';
import classes from './timeline.module.css';

const AT_ONCE = 150;

/** The attempt's ledger in words, newest first. */
export const Timeline = ({
  entries,
  failed,
}: {
  /** null while they are on their way. */
  entries: readonly LedgerEntry[] | null;
  failed: boolean;
}) => {
  const { t } = useTranslation('dashboard');
  const locale = useLocale();
  const [all, setAll] = useState(false);
  const [limit, setLimit] = useState(AT_ONCE);
  const lines = useMemo(
    () =>
      (entries ?? [])
        .map((entry) => ({ entry, words: entryWords(entry) }))
        .filter(({ words }) => all || words.weight !== 'minor')
        .reverse(),
    [entries, all],
  );
  if (entries === null) {
    return failed ? null : (
      <div aria-busy="true" className={classes.waiting}>
        <Skeleton height="1.5rem" />
        <Skeleton height="1.5rem" />
        <Skeleton height="1.5rem" />
      </div>
    );
  }
  return (
    <div>
      <Switch
        size="sm"
        label={t('timeline.all', { count: entries.length })}
        checked={all}
        onChange={(event) => setAll(event.currentTarget.checked)}
        className={classes.all ?? ''}
      />
      {lines.length === 0 ? (
        <p className={classes.none}>{t('timeline.none')}</p>
      ) : (
        <ol className={classes.list}>
          {lines.slice(0, limit).map(({ entry, words }) => (
            <Guarded key={entry.seq} shape="line" version={entry}>
              {() => (
                <li
                  className={classes.line}
                  data-weight={words.weight}
                  data-entry-type={entry.type}
                >
                  <time className={classes.time} dateTime={new Date(entry.wall).toISOString()}>
                    {formatClock(entry.wall, locale, true)}
                  </time>
                  <span className={classes.words}>
                    <EntrySentence words={words} />
                    {words.quote !== null && <span className={classes.quote}>“{words.quote}”</span>}
                  </span>
                  <span className={classes.seq} title={t('timeline.seq', { seq: entry.seq })}>
                    {entry.seq}
                  </span>
                </li>
              )}
            </Guarded>
          ))}
        </ol>
      )}
      {lines.length > limit && (
        <Button variant="default" fullWidth mt="0.75rem" onClick={() => setLimit(limit + AT_ONCE)}>
          {t('timeline.more', { count: lines.length - limit })}
        </Button>
      )}
    </div>
  );
};
