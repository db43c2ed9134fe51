import { useTranslation } from 'react-i18next';
import { ATTENTION_ICON } from '#renderer/dashboard/live/icons.ts';
import { useRoom } from '#renderer/dashboard/live/live-context.ts';
import { attentionOf } from '#renderer/dashboard/live/tile-state.ts';
import { useClock, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatClock, formatSpan } from '#renderer/ui/time-format.ts';
import type { Tile } from '#shared/wire/dashboard.ts';
import classes from './panel-facts.module.css';

/** What is true of the examinee and of the device right now. */
export const PanelFacts = ({ tile }: { tile: Tile }) => {
  const { t } = useTranslation(['dashboard', 'incidents']);
  const locale = useLocale();
  const objections = useRoom((s) => s.objections[tile.attemptId] ?? 0);
  const left = useClock((now) => {
    if (tile.endsAt !== null) return formatSpan(tile.endsAt - now);
    return tile.frozenRemainingMs === null ? '—' : formatSpan(tile.frozenRemainingMs);
  });
  const reasons = useClock((now) =>
    attentionOf(tile, objections, now)
      .filter((reason) => reason !== 'incident' && reason !== 'closed-copy')
      .join(' '),
  );
  const attention = reasons === '' ? [] : (reasons.split(' ') as ReturnType<typeof attentionOf>);
  const { accommodations } = tile.examinee;
  // Before the first record there is no device yet, and nothing to say of either.
  const opened = tile.phase !== 'expected';
  return (
    <div>
      {attention.length > 0 && (
        <ul className={classes.attention}>
          {attention.map((reason) => {
            const Icon = ATTENTION_ICON[reason];
            return (
              <li key={reason}>
                <Icon size="1.125rem" aria-hidden />
                <span>{t(`attentionText.${reason}`)}</span>
              </li>
            );
          })}
        </ul>
      )}
      <dl className={classes.facts}>
        <dt>{t('panel.timeLeft')}</dt>
        <dd>
          <strong>{left}</strong>
          {tile.endsAt !== null &&
            ` · ${t('panel.until', { time: formatClock(tile.endsAt, locale) })}`}
          {tile.endsAt === null && tile.frozenRemainingMs !== null && ` · ${t('panel.stopped')}`}
        </dd>
        <dt>{t('panel.answered')}</dt>
        <dd>{t('panel.answeredOf', { answered: tile.answered, questions: tile.questions })}</dd>
        <dt>{t('panel.connection')}</dt>
        <dd>
          {t(`connection.${tile.connection}`)}
          {tile.connectionSince !== null &&
            ` ${t('panel.since', { time: formatClock(tile.connectionSince, locale, true) })}`}
          {tile.connection === 'online' && tile.latencyMs !== null && ` · ${tile.latencyMs} ms`}
          {tile.pending > 0 && ` · ${t('tile.pending', { count: tile.pending })}`}
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
    </div>
  );
};
