import { Button } from '@mantine/core';
import { IconArrowLeft, IconCheck, IconLogout } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { Dialog, DialogActions } from '#renderer/ui/dialog.tsx';
import { LocaleSwitch } from '#renderer/ui/locale-switch.tsx';
import { Mark } from '#renderer/ui/mark.tsx';
import { useEnrolment, useEnrolmentState } from '../enrolment-context.tsx';
import { hasWork, STEPS, type Step } from '../enrolment-store.ts';
import classes from './frame.module.css';

const Steps = ({ current }: { current: Step }) => {
  const { t } = useTranslation('enrolment');
  const at = STEPS.indexOf(current);
  return (
    <nav aria-label={t('steps.label')} className={classes.nav}>
      <ol className={classes.steps}>
        {STEPS.map((step, index) => (
          <li
            key={step}
            className={cx(classes.step, index === at && classes.now, index < at && classes.past)}
            aria-current={index === at ? 'step' : undefined}
          >
            <span className={classes.dot} aria-hidden>
              {index < at ? <IconCheck size="1rem" stroke={3} /> : index + 1}
            </span>
            <span className={classes.stepName}>{t(`steps.${step}`)}</span>
            {index < at && <span className="visually-hidden">{t('steps.done')}</span>}
          </li>
        ))}
      </ol>
    </nav>
  );
};

/** The way out; asks first when something would be lost. */
const Leave = () => {
  const { t } = useTranslation('enrolment');
  const enrolment = useEnrolment();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        variant="subtle"
        color="ink"
        leftSection={<IconLogout size="1.125rem" aria-hidden />}
        onClick={() => {
          if (hasWork(enrolment.store.getState())) setAsking(true);
          else enrolment.signOut();
        }}
      >
        {t('signOut')}
      </Button>
      {asking && (
        <Dialog title={t('leave.title')} onClose={() => setAsking(false)} size="md">
          <p>{t('leave.text')}</p>
          <DialogActions>
            <Button variant="default" size="md" onClick={() => enrolment.signOut()}>
              {t('leave.go')}
            </Button>
            <Button size="md" data-autofocus onClick={() => setAsking(false)}>
              {t('leave.stay')}
            </Button>
          </DialogActions>
        </Dialog>
      )}
    </>
  );
};

/**
 * The frame of every screen: mark, steps and language above, the one thing to do in the middle, the ways on and
 * back at the bottom, always in the same place.
 */
export const Frame = ({
  step,
  title,
  lead,
  onBack,
  footer,
  narrow = false,
  children,
}: {
  step?: Step;
  title: string;
  lead?: string | undefined;
  onBack?: (() => void) | undefined;
  footer?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}) => {
  const { t, i18n } = useTranslation(['enrolment', 'common']);
  const signedIn = useEnrolmentState((state) => state.token !== null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A screen reader says where the person is, and Tab goes on from there.
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <div className={classes.brand}>
          <Mark size={1.75} />
          <span className={classes.name}>{t('common:name')}</span>
        </div>
        <div className={classes.middle}>{step !== undefined && <Steps current={step} />}</div>
        <div className={classes.edge}>
          <LocaleSwitch onChange={(locale) => void i18n.changeLanguage(locale)} />
          {signedIn && <Leave />}
        </div>
      </header>
      <main className={classes.main}>
        <div className={cx(classes.column, narrow && classes.narrow)}>
          <div>
            <h1 ref={heading} tabIndex={-1} className={classes.title}>
              {title}
            </h1>
            {lead !== undefined && <p className={classes.lead}>{lead}</p>}
          </div>
          {children}
        </div>
      </main>
      {(footer !== undefined || onBack !== undefined) && (
        <footer className={classes.footer}>
          <div className={cx(classes.actions, narrow && classes.narrow)}>
            {onBack !== undefined && (
              <Button
                variant="subtle"
                color="ink"
                size="md"
                leftSection={<IconArrowLeft size="1.125rem" aria-hidden />}
                onClick={onBack}
              >
                {t('back')}
              </Button>
            )}
            <div className={classes.on}>{footer}</div>
          </div>
        </footer>
      )}
    </div>
  );
};
