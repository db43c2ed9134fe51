import {
  IconCircleCheck,
  IconHandStop,
  IconHourglass,
  IconUserQuestion,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { wallAt } from '#renderer/dashboard/attempt/attempt-detail.ts';
import { useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { ExamTime } from '#shared/kernel/time.ts';
import type { AttemptDetail, Tile } from '#shared/wire/dashboard.ts';
import { DistanceScale } from './distance-scale.tsx';
import classes from './identity-review.module.css';
import { IdentityReview } from './identity-review.tsx';

const ICON = {
  'by-hand': IconUserQuestion,
  pending: IconHourglass,
  'needs-person': IconUserQuestion,
  verified: IconCircleCheck,
  refused: IconHandStop,
} as const;

/** Who sits there: what the camera found, what a person decided, and the way to look and decide. */
export const PanelIdentity = ({
  tile,
  detail,
  mayDecide,
}: {
  tile: Tile;
  detail: AttemptDetail;
  mayDecide: boolean;
}) => {
  const { t } = useTranslation('dashboard');
  const locale = useLocale();
  const { identity } = detail;
  if (tile.phase === 'expected') return null;
  const { checks, decision } = identity;
  // The tile is live; the answer may be some seconds older.
  const status = tile.identity;
  const Icon = ICON[status];
  const clock = (at: ExamTime) => formatClock(wallAt(detail, at), locale, true);
  return (
    <section aria-labelledby="panel-identity" data-panel-identity={status}>
      <h3 id="panel-identity" className={classes.title}>
        {t('identity.title')}
      </h3>
      <div className={classes.status} data-status={status}>
        <Icon size="1.125rem" stroke={2.25} aria-hidden />
        {t(`identity.status.${status}`)}
      </div>
      {identity.documentMissing && <p className={classes.line}>{t('identity.missing')}</p>}
      {identity.enrolled === null && identity.settings.check === 'face' && (
        <p className={classes.line}>{t('identity.noTemplate')}</p>
      )}
      {decision !== null && (
        <div className={classes.decision}>
          <strong>{t(`identity.decisions.${decision.decision}`)}</strong>
          <q>{decision.reason}</q>
          {decision.authorisedBy !== null && (
            <div>{t('identity.authorised', { authorisedBy: decision.authorisedBy })}</div>
          )}
          <div className={classes.dim}>
            {t(decision.by === '' ? 'identity.decidedAtSeat' : 'identity.decided', {
              by: decision.by,
              time: clock(decision.t),
            })}
          </div>
        </div>
      )}
      {checks.length > 0 && (
        <ol className={classes.checks} aria-label={t('identity.checks')}>
          {checks.toReversed().map((check) => (
            <li key={check.t} data-outcome={check.outcome}>
              <div className={classes.checkHead}>
                <strong>{t(`identity.outcome.${check.outcome}`)}</strong>
                <time>{clock(check.t)}</time>
              </div>
              {check.outcome !== 'challenge-failed' && (
                <div className={classes.dim}>{t(`identity.challenge.${check.challenge}`)}</div>
              )}
              {check.distance !== null && (
                <DistanceScale distance={check.distance} thresholds={identity.thresholds} />
              )}
            </li>
          ))}
        </ol>
      )}
      <IdentityReview
        tile={tile}
        identity={identity}
        live={checks.at(-1)?.evidence ?? []}
        mayDecide={mayDecide}
      />
    </section>
  );
};
