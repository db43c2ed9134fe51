import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '#renderer/dashboard/shell/desk.module.css';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { ReasonForm } from '#renderer/dashboard/shell/reason-form.tsx';
import { useApi } from '#renderer/dashboard/shell/shell-context.tsx';
import type { Problem } from '#shared/kernel/problem.ts';
import type { EnrolmentPicture } from '#shared/wire/enrolment.ts';
import { createEnrolmentsApi, type EnrolmentRow } from './api.ts';
import { DocumentDoubt, Likeness } from './enrolment-state.tsx';

/** A picture of the enrolment; to ask for it is to look, so it is only there when somebody wants to see it. */
const Picture = ({
  row,
  picture,
  label,
}: {
  row: EnrolmentRow;
  picture: EnrolmentPicture;
  label: string;
}) => {
  const { t } = useTranslation('enrolments');
  const enrolments = useApi(createEnrolmentsApi);
  const [missing, setMissing] = useState(false);
  if (missing) return <div className={classes.noPicture}>{t('compare.noPicture')}</div>;
  return (
    <img
      className={classes.picture}
      src={enrolments.pictureUrl(row.examineeId, picture)}
      alt={label}
      data-picture={picture}
      onError={() => setMissing(true)}
    />
  );
};

/** What is often said, by what made the registration wait. */
const REASONS = {
  approve: { change: ['same', 'look'], doubt: ['document', 'same'] },
  reject: { change: ['other', 'unclear'], doubt: ['noDocument', 'other'] },
} as const;

/** Old and new side by side, and the decision with its reason. */
export const CompareDialog = ({
  row,
  onClose,
  onDecided,
}: {
  row: EnrolmentRow;
  onClose: () => void;
  onDecided: () => void;
}) => {
  const { t } = useTranslation('enrolments');
  const enrolments = useApi(createEnrolmentsApi);
  const doubt = row.documentDoubt !== null;
  const [documents, setDocuments] = useState(false);
  const [deciding, setDeciding] = useState<'approve' | 'reject' | null>(null);
  const { name } = row;
  const decide = async (
    decision: 'approve' | 'reject',
    reason: string,
  ): Promise<Problem | null> => {
    const answer = await enrolments.decide(row.examineeId, decision, reason);
    if (!answer.ok) return answer.error;
    onDecided();
    return null;
  };
  return (
    <Dialog opened onClose={onClose} size="52rem" title={t('compare.title', { name })}>
      <div className={classes.stack}>
        <p className={classes.text}>{t('compare.looks')}</p>
        <div className={classes.pair}>
          {(['old', 'new'] as const).map((side) => (
            <figure key={side} className={classes.figure}>
              <figcaption>{t(`compare.${side}`)}</figcaption>
              <Picture
                row={row}
                picture={side === 'old' ? 'portrait' : 'new-portrait'}
                label={t(`compare.portrait.${side}`, { name })}
              />
              {documents && (
                <Picture
                  row={row}
                  picture={side === 'old' ? 'document' : 'new-document'}
                  label={t(`compare.document.${side}`, { name })}
                />
              )}
            </figure>
          ))}
        </div>
        <div className={classes.facts}>
          <div>
            <div className={classes.dim}>{t('distance.label')}</div>
            <Likeness distance={row.changeDistance} />
          </div>
          {!documents && (
            <Button variant="default" onClick={() => setDocuments(true)}>
              {t('compare.showDocuments')}
            </Button>
          )}
        </div>
        {doubt && <DocumentDoubt />}
        {row.documentQr !== null && (
          <div>
            <div className={classes.dim}>{t('compare.qr')}</div>
            <code className={classes.code}>{row.documentQr}</code>
          </div>
        )}
        {deciding === null ? (
          <div className={classes.end}>
            <Button variant="default" onClick={() => setDeciding('reject')}>
              {t('compare.reject')}
            </Button>
            <Button onClick={() => setDeciding('approve')}>{t('compare.approve')}</Button>
          </div>
        ) : (
          <ReasonForm
            key={deciding}
            label={t(`compare.${deciding}Label`)}
            explanation={t(`compare.${deciding}Text`)}
            suggestions={REASONS[deciding][doubt ? 'doubt' : 'change'].map(
              (key) => `enrolments:compare.reason.${key}`,
            )}
            submit={t(`compare.${deciding}Send`)}
            onSend={(reason) => decide(deciding, reason)}
            onCancel={() => setDeciding(null)}
          />
        )}
      </div>
    </Dialog>
  );
};
