import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCalendar,
  IconCircleCheck,
  IconCircleDashed,
  IconHourglass,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { formatMoment } from '#renderer/ui/time-format.ts';
import type { EnrolmentState, EnrolmentStatus } from '#shared/wire/enrolment.ts';
import { useEnrolment, useEnrolmentState, useLocale, useStatus } from '../enrolment-context.tsx';
import { hasWork } from '../enrolment-store.ts';
import { Frame } from './frame.tsx';
import classes from './panel.module.css';

const LOOKS = {
  none: { Icon: IconCircleDashed, look: classes.quiet },
  active: { Icon: IconCircleCheck, look: classes.ok },
  waiting: { Icon: IconHourglass, look: classes.look },
  rejected: { Icon: IconAlertTriangle, look: classes.look },
} as const satisfies Record<EnrolmentState, unknown>;

/** How it stands, large enough to be read first. */
export const StateName = ({ state }: { state: EnrolmentState }) => {
  const { t } = useTranslation('enrolment');
  const { Icon, look } = LOOKS[state];
  return (
    <div className={cx(classes.stateName, look)}>
      <Icon size="1.75rem" aria-hidden />
      {t(`where.state.${state}`)}
    </div>
  );
};

/** Why one cannot enrol right now; null when one can. */
const closedReason = (status: EnrolmentStatus): 'before' | 'after' | 'none' | null => {
  const { open, window, serverTime } = status;
  if (open) return null;
  if (window === null) return 'none';
  if (serverTime < window.opensAt) return 'before';
  return serverTime >= window.closesAt ? 'after' : 'none';
};

const Dates = () => {
  const { t } = useTranslation('enrolment');
  const locale = useLocale();
  const status = useStatus();
  const { window, open, serverTime } = status;
  const times = {
    from: window === null ? '' : formatMoment(window.opensAt, locale),
    to: window === null ? '' : formatMoment(window.closesAt, locale),
  };
  const closed = closedReason(status);
  const inWindow = window !== null && serverTime >= window.opensAt && serverTime < window.closesAt;
  return (
    <section className={classes.panel} aria-labelledby="dates">
      <h2 id="dates">{t('where.dates')}</h2>
      <p>{window === null ? t('where.noWindow') : t('where.window', times)}</p>
      {closed !== null ? (
        <div className={classes.note} data-closed={closed}>
          <IconCalendar size="1.35rem" aria-hidden />
          <div>{t(`where.closed.${closed}`, times)}</div>
        </div>
      ) : (
        open && (
          <p className={classes.dim}>{t(inWindow ? 'where.open.window' : 'where.open.room')}</p>
        )
      )}
    </section>
  );
};

/** Where things stand: state, dates, and what one can do now. */
export const WhereScreen = () => {
  const { t } = useTranslation('enrolment');
  const enrolment = useEnrolment();
  const status = useStatus();
  const begun = useEnrolmentState((state) => hasWork(state) || state.draft.consent !== null);
  const { examinee, state, rejectedReason, open } = status;
  const again = state === 'active' || state === 'waiting';
  return (
    <Frame
      narrow
      title={t('where.title', { name: examinee.name })}
      lead={t('where.document', { document: examinee.documentMasked })}
    >
      <section className={cx(classes.panel, classes.state)} data-state={state}>
        <StateName state={state} />
        <p>{t(`where.text.${state}`)}</p>
        {rejectedReason !== null && (
          <p className={classes.reason}>
            <strong>{t('where.reason')}:</strong> {rejectedReason}
          </p>
        )}
        {open && again && <p className={classes.dim}>{t('where.again')}</p>}
        <div className={classes.buttons}>
          {open && (
            <Button
              size="md"
              variant={again && !begun ? 'default' : 'filled'}
              onClick={() => enrolment.go('consent')}
            >
              {t(begun ? 'where.resume' : again ? 'where.startAgain' : 'where.start')}
            </Button>
          )}
          <Button size="md" variant="default" onClick={() => enrolment.go('data')}>
            {t('where.data')}
          </Button>
        </div>
      </section>
      <Dates />
    </Frame>
  );
};
