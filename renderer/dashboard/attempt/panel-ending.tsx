import { IconPlugOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { Tile } from '#shared/wire/dashboard.ts';
import classes from './panel-ending.module.css';

/** What staff decided while the kiosk was gone, who and why, and what the kiosk said afterwards. */
export const PanelEnding = ({ tile }: { tile: Tile }) => {
  const { t } = useTranslation('dashboard');
  const locale = useLocale();
  const { ended, carries, carriedOn } = tile;
  if (ended === undefined && carries === undefined) return null;
  return (
    <section className={classes.ending} data-ending={ended?.kind ?? 'carries'}>
      <IconPlugOff size="1.25rem" aria-hidden />
      <div>
        {carries !== undefined && (
          <p>
            {t('ending.carries')}{' '}
            {carries.copyAttempts > 0 && t('ending.strikes', { count: carries.copyAttempts })}{' '}
            {t('ending.answers')}
          </p>
        )}
        {ended !== undefined && (
          <>
            <p>
              <strong>{t(carriedOn ? 'ending.is.carried-on' : `ending.is.${ended.kind}`)}</strong>
            </p>
            {ended.kind === 'let-go' && tile.closedBy === 'copy-attempts' && (
              <p>{t('ending.atLimit', { limit: tile.copyAttemptLimit })}</p>
            )}
            <p>“{ended.reason}”</p>
            <p className={classes.by}>
              {t('commands.by', { by: ended.by, time: formatClock(ended.at, locale, true) })}
            </p>
            <p className={classes.by}>
              {ended.later === 0 ? t('ending.nothing') : t('ending.later', { count: ended.later })}
            </p>
          </>
        )}
      </div>
    </section>
  );
};
