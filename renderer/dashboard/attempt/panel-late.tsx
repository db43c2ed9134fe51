import { IconClockExclamation } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { AttemptDetail } from '#shared/wire/dashboard.ts';
import classes from './panel-summary.module.css';

/** Who came late has the time that remains, or is moved to the last shift of the day: staff offer it (Art. 18). */
export const PanelLate = ({ leftMs, lastShiftAt }: NonNullable<AttemptDetail['late']>) => {
  const { t } = useTranslation('dashboard');
  const locale = useLocale();
  const count = Math.floor(leftMs / MINUTE);
  return (
    <p className={classes.late} data-late>
      <IconClockExclamation size="1.125rem" aria-hidden />
      <span>
        {t('panel.late', { count })}{' '}
        {lastShiftAt === null
          ? t('panel.lateLast')
          : t('panel.lateMove', { time: formatClock(lastShiftAt, locale) })}
      </span>
    </p>
  );
};
