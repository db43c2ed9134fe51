import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '#renderer/dashboard/shell/desk.module.css';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { ReasonForm } from '#renderer/dashboard/shell/reason-form.tsx';
import { useApi } from '#renderer/dashboard/shell/shell-context.tsx';
import { saveJson } from '#renderer/ui/save-json.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { DeletionCertificate } from '#shared/wire/enrolment.ts';
import { createEnrolmentsApi, type EnrolmentRow } from './api.ts';

/** Ends what is kept of an enrolment, with a reason, and hands out the proof. */
export const DeleteDialog = ({
  row,
  onClose,
  onDeleted,
}: {
  row: EnrolmentRow;
  onClose: () => void;
  onDeleted: () => void;
}) => {
  const { t } = useTranslation('enrolments');
  const enrolments = useApi(createEnrolmentsApi);
  const [certificate, setCertificate] = useState<DeletionCertificate | null>(null);
  const [held, setHeld] = useState(false);
  const send = async (reason: string): Promise<Problem | null> => {
    const answer = await enrolments.remove(row.examineeId, reason);
    setHeld(!answer.ok && answer.error.code === 'not-in-this-stage');
    if (!answer.ok) return answer.error;
    setCertificate(answer.value);
    onDeleted();
    return null;
  };
  return (
    <Dialog opened onClose={onClose} size="36rem" title={t('delete.title', { name: row.name })}>
      {certificate === null ? (
        <>
          <ReasonForm
            label={t('delete.label')}
            explanation={t('delete.explanation')}
            suggestions={['request', 'wrong', 'left'].map(
              (key) => `enrolments:delete.reason.${key}`,
            )}
            submit={t('delete.send')}
            danger
            onSend={send}
            onCancel={onClose}
          />
          <div role="alert">{held ? t('delete.held') : ''}</div>
        </>
      ) : (
        <div className={classes.stack}>
          <p className={classes.text} role="status">
            {t('delete.done')}
          </p>
          <div className={classes.end}>
            <Button
              autoFocus
              onClick={() =>
                saveJson(certificate, t('privacy:certificates.file', { id: certificate.id }))
              }
            >
              {t('privacy:certificates.download')}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
};
