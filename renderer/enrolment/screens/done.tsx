import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { useEnrolment, useStatus } from '../enrolment-context.tsx';
import { Frame } from './frame.tsx';
import classes from './panel.module.css';
import { StateName } from './where.tsx';

/** It is sent: how it stands now, and what happens next. */
export const DoneScreen = () => {
  const { t } = useTranslation('enrolment');
  const enrolment = useEnrolment();
  const { state } = useStatus();
  return (
    <Frame narrow title={t(`done.title.${state}`)}>
      <section className={cx(classes.panel, classes.state)} data-state={state}>
        <StateName state={state} />
        <p>{t(`done.text.${state}`)}</p>
        <div className={classes.buttons}>
          <Button size="md" onClick={() => enrolment.signOut()}>
            {t('signOut')}
          </Button>
          <Button size="md" variant="default" onClick={() => enrolment.go('data')}>
            {t('done.data')}
          </Button>
          <Button size="md" variant="default" onClick={() => enrolment.go('where')}>
            {t('done.home')}
          </Button>
        </div>
      </section>
    </Frame>
  );
};
