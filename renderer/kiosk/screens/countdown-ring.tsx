import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EpochMs } from '#shared/kernel/time.ts';
import { useNow } from '../clock.ts';
import classes from './countdown-ring.module.css';

const RADIUS = 26;
const LENGTH = 2 * Math.PI * RADIUS;

/**
 * How long there is left, as a ring that empties and whole seconds in it. Counts from when it appeared, so give it a
 * `key` of what it counts. Not read out: what there is to do is said once, elsewhere.
 * @param endsAt device wall time.
 */
export const CountdownRing = ({ endsAt }: { endsAt: EpochMs }) => {
  const { t } = useTranslation('kiosk');
  const now = useNow(250);
  const [beganAt] = useState(() => Date.now());
  const left = Math.max(0, endsAt - now);
  const part = endsAt <= beganAt ? 0 : Math.min(1, left / (endsAt - beganAt));
  const seconds = Math.ceil(left / 1_000);
  return (
    <div className={classes.ring} role="timer" aria-label={t('countdown.label', { seconds })}>
      <svg viewBox="0 0 64 64" aria-hidden="true">
        <circle className={classes.track} cx="32" cy="32" r={RADIUS} />
        <circle
          className={classes.left}
          cx="32"
          cy="32"
          r={RADIUS}
          strokeDasharray={LENGTH}
          strokeDashoffset={LENGTH * (1 - part)}
        />
      </svg>
      <strong aria-hidden="true">{seconds}</strong>
    </div>
  );
};
