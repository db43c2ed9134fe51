import { Button, Progress } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { useAction, useEnrolment, useEnrolmentState, useStatus } from '../enrolment-context.tsx';
import type { Step } from '../enrolment-store.ts';
import { Frame } from './frame.tsx';
import classes from './panel.module.css';
import { usePicture } from './use-picture.ts';

const Item = ({
  title,
  step,
  full = false,
  locked,
  children,
}: {
  title: string;
  /** Where it can be changed. */
  step: Step;
  full?: boolean;
  /** Nothing can be changed while it is being sent. */
  locked: boolean;
  children: ReactNode;
}) => {
  const { t } = useTranslation('enrolment');
  const enrolment = useEnrolment();
  return (
    <section className={cx(classes.panel, classes.item, full && classes.full)}>
      <div className={classes.itemHead}>
        <h2>{title}</h2>
        <Button
          variant="default"
          aria-label={t('review.changeWhat', { what: title })}
          disabled={locked}
          onClick={() => enrolment.go(step)}
        >
          {t('review.change')}
        </Button>
      </div>
      {children}
    </section>
  );
};

const Sending = ({ part }: { part: number }) => {
  const { t } = useTranslation('enrolment');
  const percent = Math.round(part * 100);
  const text = percent < 100 ? t('review.sending', { percent }) : t('review.checking');
  return (
    <div className={classes.sending}>
      <div>
        {text} <span className={classes.dim}>{t('review.dont')}</span>
      </div>
      <Progress value={percent} aria-label={text} />
    </div>
  );
};

/** All that will be sent, once more, with a way back to each part. */
export const ReviewScreen = () => {
  const { t } = useTranslation('enrolment');
  const enrolment = useEnrolment();
  const { examinee, state, retentionDays } = useStatus();
  const { face, document } = useEnrolmentState(({ draft }) => draft);
  const sending = useEnrolmentState((s) => s.sending);
  const { running, problem, run } = useAction();
  const portrait = usePicture(face?.portrait ?? null);
  const photo = usePicture(document.picture);
  const again = state === 'active' || state === 'waiting';
  return (
    <Frame
      step="review"
      title={t('review.title')}
      lead={t('review.lead')}
      onBack={running ? undefined : () => enrolment.go('document')}
      footer={
        <>
          {sending !== null && <Sending part={sending} />}
          <Button size="md" loading={running} onClick={() => void run(() => enrolment.submit())}>
            {t('review.send')}
          </Button>
        </>
      }
    >
      <ProblemText own="enrolment" problem={running ? null : problem}>
        {problem?.code === 'captures-differ' && (
          <div className={classes.here}>
            <Button
              variant="default"
              onClick={() => {
                enrolment.keep({ face: null });
                enrolment.go('face');
              }}
            >
              {t('review.faceAgain')}
            </Button>
          </div>
        )}
        {problem?.code === 'wrong-document' && (
          <div className={classes.here}>
            <Button variant="default" onClick={() => enrolment.go('document')}>
              {t('review.numberAgain')}
            </Button>
          </div>
        )}
      </ProblemText>
      {again && (
        <div className={classes.note}>
          <IconAlertTriangle size="1.35rem" aria-hidden />
          <div>{t('review.approval')}</div>
        </div>
      )}
      {document.doubt && (
        <div className={classes.note}>
          <IconAlertTriangle size="1.35rem" aria-hidden />
          <div>{t('review.doubt')}</div>
        </div>
      )}
      <div className={classes.review}>
        <Item title={t('review.face')} step="face" locked={running}>
          {portrait !== null && (
            <img className={classes.picture} src={portrait} alt={t('face.portrait')} />
          )}
          <p>{t('review.faceText', { count: face?.captures.length ?? 0 })}</p>
        </Item>
        <Item title={t(`review.kind.${examinee.documentKind}`)} step="document" locked={running}>
          {photo !== null && (
            <img className={classes.picture} src={photo} alt={t('document.taken')} />
          )}
          <dl className={classes.facts}>
            <div>
              <dt>{t('review.number')}</dt>
              <dd>{document.number}</dd>
            </div>
            {examinee.documentKind === 'cedula' && (
              <div>
                <dt>{t('review.qr')}</dt>
                <dd>{t(document.qr === null ? 'review.qrNo' : 'review.qrYes')}</dd>
              </div>
            )}
          </dl>
        </Item>
        <Item title={t('review.consent')} step="consent" full locked={running}>
          <p>{t('review.consentText', { count: retentionDays })}</p>
        </Item>
      </div>
    </Frame>
  );
};
