import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '#renderer/dashboard/shell/desk.module.css';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import { useApi, useClock, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { QrCode } from '#renderer/ui/qr-code.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { createEnrolmentsApi, type EnrolmentRow, type RoomCode } from './api.ts';

/** A one-time code, large enough to be read from beside the screen, and its address for a phone. */
export const RoomCodeDialog = ({ row, onClose }: { row: EnrolmentRow; onClose: () => void }) => {
  const { t } = useTranslation('enrolments');
  const enrolments = useApi(createEnrolmentsApi);
  const [code, setCode] = useState<RoomCode | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const over = useClock((now) => code !== null && now >= code.expiresAt);
  const make = async (): Promise<void> => {
    setBusy(true);
    const answer = await enrolments.roomCode(row.examineeId);
    setBusy(false);
    setCode(answer.ok ? answer.value : null);
    setProblem(answer.ok ? null : answer.error);
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      size="34rem"
      title={t('code.title', { name: row.name })}
      keep={code === null || over ? undefined : t('code.keep')}
    >
      <div className={classes.stack}>
        <p className={classes.text}>{t('code.explanation')}</p>
        {code !== null && <Made code={code} />}
        <ProblemNote problem={problem} />
        <div className={classes.end}>
          <Button
            data-autofocus
            loading={busy}
            variant={code === null ? 'filled' : 'default'}
            onClick={() => void make()}
          >
            {t(code === null ? 'code.make' : 'code.again')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
};

const Made = ({ code: { code, expiresAt } }: { code: RoomCode }) => {
  const { t } = useTranslation('enrolments');
  const enrolments = useApi(createEnrolmentsApi);
  const locale = useLocale();
  const over = useClock((now) => now >= expiresAt);
  if (over) return <p role="status">{t('code.gone')}</p>;
  const [page = ''] = enrolments.enrolUrl(code).split('#');
  return (
    <>
      <output className={classes.bigCode} data-room-code>
        {code}
      </output>
      <p className={classes.text}>{t('code.expires', { time: formatClock(expiresAt, locale) })}</p>
      <div className={classes.phone}>
        <QrCode text={enrolments.enrolUrl(code)} label={t('code.qr')} className={classes.qr} />
        <div className={classes.text}>
          <div>{t('code.scan')}</div>
          <div className={classes.dim}>{t('code.address', { address: page })}</div>
        </div>
      </div>
    </>
  );
};
