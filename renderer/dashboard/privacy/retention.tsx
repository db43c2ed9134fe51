import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AnswerFrame, Nothing } from '#renderer/dashboard/shell/answer-frame.tsx';
import classes from '#renderer/dashboard/shell/desk.module.css';
import { useApi, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { useAnswer } from '#renderer/dashboard/shell/use-answer.ts';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { formatDate, formatMoment } from '#renderer/ui/time-format.ts';
import type { Retention } from '#shared/wire/enrolment.ts';
import { createPrivacyApi, type RetentionProcess } from './api.ts';
import { ClockDialog } from './clock-dialog.tsx';
import { HoldDialog } from './hold-dialog.tsx';

type Open = { readonly what: 'clock' | 'hold'; readonly process: RetentionProcess };

/** What each process keeps and until when. */
export const RetentionTab = () => {
  const { t } = useTranslation('privacy');
  const privacy = useApi(createPrivacyApi);
  const asked = useAnswer(privacy.retention);
  const [open, setOpen] = useState<Open | null>(null);
  return (
    <>
      <AnswerFrame asked={asked} text={t('retention.text')}>
        {({ processes, clockWaits }) => (
          <>
            {clockWaits !== null && <ClockWaits {...clockWaits} />}
            {processes.length === 0 ? (
              <Nothing title={t('retention.none')} />
            ) : (
              <Processes processes={processes} onOpen={setOpen} />
            )}
          </>
        )}
      </AnswerFrame>
      {open?.what === 'clock' && (
        <ClockDialog
          process={open.process}
          onClose={() => setOpen(null)}
          onSet={() => {
            setOpen(null);
            void asked.load();
          }}
        />
      )}
      {open?.what === 'hold' && (
        <HoldDialog
          process={open.process}
          onClose={() => setOpen(null)}
          onChanged={() => void asked.load()}
        />
      )}
    </>
  );
};

/** Nobody confirms the server's clock: what has a date is not deleted until somebody does. */
const ClockWaits = ({ serverTime, certainTime }: NonNullable<Retention['clockWaits']>) => {
  const { t } = useTranslation('privacy');
  const locale = useLocale();
  const times = {
    server: formatMoment(serverTime, locale),
    certain: formatMoment(certainTime, locale),
  };
  return (
    <div className={classes.warning} role="status" data-clock-waits>
      <IconAlertTriangle size="1.25rem" aria-hidden />
      <div>
        <strong>{t('retention.clock.title')}</strong>
        <div>{t('retention.clock.text', times)}</div>
        <div>{t('retention.clock.todo')}</div>
      </div>
    </div>
  );
};

const Processes = ({
  processes,
  onOpen,
}: {
  processes: readonly RetentionProcess[];
  onOpen: (open: Open) => void;
}) => {
  const { t } = useTranslation('privacy');
  return (
    <div className={classes.frame}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('retention.column.process')}</th>
            <th scope="col">{t('retention.column.claims')}</th>
            <th scope="col" className={classes.number}>
              {t('retention.column.days')}
            </th>
            <th scope="col">{t('retention.column.deletes')}</th>
            <th scope="col" className={classes.number}>
              {t('retention.column.pictures')}
            </th>
            <th scope="col" className={classes.number}>
              {t('retention.column.held')}
            </th>
            <th scope="col">{t('retention.column.actions')}</th>
          </tr>
        </thead>
        <tbody>
          {processes.map((process) => (
            <Guarded key={process.examId} shape="row" version={process}>
              <Process process={process} onOpen={onOpen} />
            </Guarded>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const Process = ({
  process,
  onOpen,
}: {
  process: RetentionProcess;
  onOpen: (open: Open) => void;
}) => {
  const { t } = useTranslation('privacy');
  const locale = useLocale();
  const { title, claimsClosedAt, retentionDays, deletesAt, deletedAt, pictures, held } = process;
  const day = (at: number | null, none: string): string =>
    at === null ? none : formatDate(at, locale);
  return (
    <tr data-process={process.examId}>
      <th scope="row" className={classes.name}>
        {title}
      </th>
      <td>{day(claimsClosedAt, t('retention.open'))}</td>
      <td className={classes.number}>{retentionDays}</td>
      <td>
        {deletedAt !== null
          ? t('retention.deleted', { date: formatDate(deletedAt, locale) })
          : day(deletesAt, t('retention.noDate'))}
      </td>
      <td className={classes.number}>{pictures}</td>
      <td className={classes.number}>{held}</td>
      <td>
        <div className={classes.actions}>
          <Button
            variant="default"
            aria-label={t('retention.setFor', { title })}
            onClick={() => onOpen({ what: 'clock', process })}
          >
            {t('retention.set')}
          </Button>
          <Button
            variant="default"
            aria-label={t('retention.holdFor', { title })}
            onClick={() => onOpen({ what: 'hold', process })}
          >
            {t('retention.hold')}
          </Button>
        </div>
      </td>
    </tr>
  );
};
