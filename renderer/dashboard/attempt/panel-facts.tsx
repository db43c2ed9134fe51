import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { Tile } from '#shared/wire/dashboard.ts';
import classes from './panel-facts.module.css';

/**
 * Examinee, device, connection and record as they are now.
 * @param folded for whoever decides: nothing of it waits for a decision. Who only looks has come for it.
 */
export const PanelFacts = ({
  tile,
  folded,
  children,
}: {
  tile: Tile;
  folded: boolean;
  children: ReactNode;
}) => {
  const { t } = useTranslation(['dashboard', 'incidents']);
  const locale = useLocale();
  const { accommodations } = tile.examinee;
  // Before the first record there is no device yet, and nothing to say of either.
  const opened = tile.phase !== 'expected';
  return (
    <details className={classes.details} open={!folded} data-panel-facts>
      <summary className={classes.title}>{t('panel.facts')}</summary>
      <dl className={classes.facts}>
        <dt>{t('panel.document')}</dt>
        <dd>{tile.examinee.documentMasked}</dd>
        {opened && (
          <>
            <dt>{t('identity.title')}</dt>
            <dd data-identity={tile.identity}>{t(`identity.status.${tile.identity}`)}</dd>
          </>
        )}
        <dt>{t('panel.accommodations')}</dt>
        <dd>
          {accommodations.length === 0
            ? t('panel.noAccommodations')
            : accommodations
                .map((effect) => t([`accommodation.${effect}`, 'accommodation.other'], { effect }))
                .join('; ')}
        </dd>
        <dt>{t('panel.connection')}</dt>
        <dd>
          {t(`connection.${tile.connection}`)}
          {tile.connectionSince !== null &&
            ` ${t('panel.since', { time: formatClock(tile.connectionSince, locale, true) })}`}
          {tile.connection === 'online' && tile.latencyMs !== null && ` · ${tile.latencyMs} ms`}
          {tile.pending > 0 && ` · ${t('tile.pending', { count: tile.pending })}`}
          {(tile.unsaved ?? 0) > 0 && ` · ${t('tile.unsaved', { count: tile.unsaved ?? 0 })}`}
        </dd>
        {opened && (
          <>
            <dt>{t('panel.record')}</dt>
            <dd>{t(`chain.${tile.chain}`)}</dd>
          </>
        )}
        <dt>{t('panel.device')}</dt>
        <dd>
          {tile.deviceName ?? t('panel.noDevice')}
          {tile.battery !== null &&
            ` · ${t(tile.charging === true ? 'panel.charging' : 'panel.battery', { percent: Math.round(tile.battery * 100) })}`}
        </dd>
        {opened && (
          <>
            <dt>{t('panel.notWatched')}</dt>
            <dd>
              {tile.notWatched.length === 0
                ? t('panel.allWatched')
                : tile.notWatched.map((kind) => t(`incidents:${kind}.title`)).join('; ')}
            </dd>
          </>
        )}
      </dl>
      {children}
    </details>
  );
};
