import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useEnrolment, useStatus } from '../enrolment-context.tsx';
import { Frame } from './frame.tsx';
import classes from './panel.module.css';

/** Saying no is an answer like any other: what happens then. */
export const DeclinedScreen = () => {
  const { t } = useTranslation('enrolment');
  const enrolment = useEnrolment();
  const { state } = useStatus();
  const kept = state === 'active' || state === 'waiting';
  return (
    <Frame narrow title={t(kept ? 'declined.titleKept' : 'declined.title')}>
      <section className={classes.panel}>
        <p>{t(kept ? 'declined.textKept' : 'declined.text')}</p>
        <p className={classes.dim}>{t('declined.note')}</p>
      </section>
      <div className={classes.buttons}>
        <Button size="md" onClick={() => enrolment.signOut()}>
          {t('signOut')}
        </Button>
        <Button size="md" variant="default" onClick={() => enrolment.go('consent')}>
          {t('declined.back')}
        </Button>
      </div>
    </Frame>
  );
};
