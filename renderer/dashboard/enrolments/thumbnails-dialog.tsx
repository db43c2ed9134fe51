import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { ReasonForm } from '#renderer/dashboard/shell/reason-form.tsx';
import { Refused } from '#renderer/dashboard/shell/refused.tsx';
import { useApi } from '#renderer/dashboard/shell/shell-context.tsx';
import type { Problem } from '#shared/kernel/problem.ts';
import { createEnrolmentsApi, type ExamRow } from './api.ts';

/** Allows small pictures of an exam, or ends them; what that means is said before. */
export const ThumbnailsDialog = ({
  exam,
  onClose,
  onDone,
  onRefused,
}: {
  exam: ExamRow;
  onClose: () => void;
  onDone: () => void;
  onRefused: () => void;
}) => {
  const { t } = useTranslation('enrolments');
  const enrolments = useApi(createEnrolmentsApi);
  const [refused, setRefused] = useState(false);
  const change = exam.thumbnails ? 'forbid' : 'allow';
  const send = async (reason: string): Promise<Problem | null> => {
    const answer = await enrolments.setThumbnails(exam.id, { allowed: !exam.thumbnails, reason });
    if (answer.ok) {
      onDone();
      return null;
    }
    if (answer.error.code !== 'conflict') return answer.error;
    setRefused(true);
    onRefused();
    return null;
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      size="36rem"
      title={t('setup.thumbnail.title', { title: exam.title })}
    >
      {refused ? (
        <Refused text={t('setup.thumbnail.refused')} onClose={onClose} />
      ) : (
        <ReasonForm
          label={t('setup.reason')}
          explanation={t(`setup.thumbnail.${change}Text`)}
          suggestions={(change === 'allow' ? ['policy'] : ['policy', 'privacy']).map(
            (key) => `enrolments:setup.thumbnail.suggest.${key}`,
          )}
          submit={t(`setup.thumbnail.${change}Send`)}
          onSend={send}
          onCancel={onClose}
        />
      )}
    </Dialog>
  );
};
