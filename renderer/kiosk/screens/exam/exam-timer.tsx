import { IconClock, IconClockPause, IconHourglass } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { formatSpan } from '#renderer/ui/time-format.ts';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import { useNow } from '../../clock.ts';
import { type AnnouncedMinute, announcementBetween, timeLeft, timerState } from '../../timer.ts';
import classes from './exam-timer.module.css';

/** Time left: the same place and width always; near the end its ground and its words change, and it is said aloud at 15, 5 and 1 minutes. */
export const ExamTimer = ({ view }: { view: KioskView }) => {
  const { t } = useTranslation('kiosk');
  const now = useNow();
  const left = timeLeft(view, now);
  const before = useRef<number | null>(null);
  const [said, setSaid] = useState<AnnouncedMinute | null>(null);

  useEffect(() => {
    if (left === null) return;
    const announcement = before.current === null ? null : announcementBetween(before.current, left);
    before.current = left;
    if (announcement !== null) setSaid(announcement);
  }, [left]);

  if (left === null) return <div className={classes.timer} />;
  const state = timerState(left, view.endsAt !== null);
  const Icon =
    state === 'stopped' ? IconClockPause : state === 'normal' ? IconClock : IconHourglass;
  return (
    <div className={cx(classes.timer, classes[state])} data-timer={state}>
      <Icon size="1.75rem" stroke={1.75} aria-hidden />
      <div className={classes.words}>
        <div className={classes.label}>
          {t(state === 'normal' ? 'timer.remaining' : `timer.${state}`)}
        </div>
        <div className={classes.time} role="timer" aria-label={t('timer.remaining')}>
          {formatSpan(left)}
        </div>
      </div>
      <div className="visually-hidden" aria-live="assertive">
        {said === null ? '' : t(`timer.announce.${said}`)}
      </div>
    </div>
  );
};
