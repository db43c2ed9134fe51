import { useTranslation } from 'react-i18next';
import { useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { outcomeOf } from '#shared/identity/match.ts';
import type { Thresholds } from '#shared/incident/identity-thresholds.ts';
import classes from './identity-review.module.css';

/** The ends of the scale: nearer or further than this nobody was measured (docs/vision.md). */
const FROM = 0.2;
const TO = 1;

const at = (distance: number): number =>
  (100 * (Math.min(TO, Math.max(FROM, distance)) - FROM)) / (TO - FROM);

/**
 * How far the face is from the enrolled one, between the two thresholds: a bare number would look exacter than it is.
 * @param distance median of the good captures.
 * @param thresholds by which it is judged.
 */
export const DistanceScale = ({
  distance,
  thresholds,
}: {
  distance: number;
  thresholds: Thresholds;
}) => {
  const { t } = useTranslation('dashboard');
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  const words = {
    distance: number.format(distance),
    match: number.format(thresholds.match),
    no: number.format(thresholds.no),
  };
  const zone = outcomeOf(distance, thresholds);
  return (
    <div className={classes.scale} data-zone={zone}>
      <div className={classes.scaleLabel}>{t('identity.scale.label', words)}</div>
      <div className={classes.track} aria-hidden>
        <span className={classes.same} style={{ width: `${at(thresholds.match)}%` }}>
          {t('identity.scale.same')}
        </span>
        <span
          className={classes.unsure}
          style={{ width: `${at(thresholds.no) - at(thresholds.match)}%` }}
          title={t('identity.scale.unsure')}
        />
        <span className={classes.other}>{t('identity.scale.other')}</span>
        <i style={{ left: `${at(distance)}%` }} />
      </div>
      <div className={classes.reading}>{t(`identity.scale.reading.${zone}`, words)}</div>
    </div>
  );
};
