import { IconHourglass } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useClock } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatSpan } from '#renderer/ui/time-format.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import classes from './shift-left.module.css';

/**
 * How long until the session begins, then until its shift ends (S3): the one time that is the whole room's.
 * @param place in wide windows the frame's upper edge has room for it, in narrow ones the line below.
 */
export const ShiftLeft = ({
  startsAt,
  endsAt,
  place,
}: {
  startsAt: EpochMs;
  endsAt: EpochMs;
  place: 'bar' | 'tools';
}) => {
  const { t } = useTranslation('dashboard');
  const stage = useClock((now) => (now < startsAt ? 'before' : now < endsAt ? 'running' : 'over'));
  const time = useClock((now) =>
    formatSpan(Math.max(0, (now < startsAt ? startsAt : endsAt) - now)),
  );
  return (
    <span className={classes.shift} data-shift={stage} data-place={place}>
      <IconHourglass size="1.125rem" aria-hidden />
      {t(`shift.${stage}`, { time })}
    </span>
  );
};
