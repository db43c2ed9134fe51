import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { changeLocale } from '#renderer/kiosk/kiosk-locale.ts';
import { cx } from '#renderer/ui/cx.ts';
import { LocaleSwitch } from '#renderer/ui/locale-switch.tsx';
import { Mark } from '#renderer/ui/mark.tsx';
import { useKioskState } from '../kiosk-context.tsx';
import { facesAreChecked, policyOf } from '../selectors.ts';
import { ConnectionChip } from './connection/connection-chip.tsx';
import { useHeadingFocus } from './heading-focus.ts';
import { HostProblem } from './host-problem.tsx';
import { SignOutButton } from './sign-out-button.tsx';
import classes from './stage-frame.module.css';
import { TextSizeControl } from './text-size-control.tsx';

const STEPS = ['device-check', 'rules', 'framing', 'identity', 'waiting'] as const;
export type Step = (typeof STEPS)[number];

const Steps = ({ current }: { current: Step }) => {
  const { t } = useTranslation('kiosk');
  const exempt = useKioskState(({ view }) => policyOf(view)?.cameraExempt === true);
  const checksFace = useKioskState(({ view }) => facesAreChecked(view));
  const steps = STEPS.filter(
    (step) => !(exempt && step === 'framing') && (checksFace || step !== 'identity'),
  );
  const at = steps.indexOf(current);
  return (
    <nav aria-label={t('steps.label')}>
      <ol className={classes.steps}>
        {steps.map((step, index) => (
          <li
            key={step}
            className={cx(classes.step, index === at && classes.now, index < at && classes.past)}
            aria-current={index === at ? 'step' : undefined}
          >
            <span className={classes.dot} aria-hidden>
              {index < at ? <IconCheck size="1rem" stroke={3} /> : index + 1}
            </span>
            {t(`steps.${step}`)}
            {index < at && <span className="visually-hidden">{t('steps.done')}</span>}
          </li>
        ))}
      </ol>
    </nav>
  );
};

/**
 * The frame of every screen outside the exam: mark, steps, connection and language above; the one
 * thing to do in the middle; the way on at the bottom, always in the same place.
 */
export const StageFrame = ({
  step,
  part = '',
  title,
  lead,
  footer,
  wide = false,
  children,
}: {
  step?: Step | undefined;
  /** Which part of a screen with several is shown: each new one begins at its heading. */
  part?: string;
  title: string;
  lead?: string | undefined;
  footer?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) => {
  const { t, i18n } = useTranslation(['kiosk', 'common']);
  const heading = useHeadingFocus(part);
  return (
    <div className={classes.frame}>
      <header className={classes.header}>
        <div className={classes.brand}>
          <Mark size={1.75} />
          <span>{t('common:name')}</span>
        </div>
        <div className={classes.middle}>{step !== undefined && <Steps current={step} />}</div>
        <div className={classes.edge}>
          <ConnectionChip short={step !== undefined} />
          <TextSizeControl />
          <LocaleSwitch onChange={(locale) => changeLocale(i18n, locale)} />
          {step !== undefined && <SignOutButton />}
        </div>
      </header>
      <main className={classes.main}>
        <div className={cx(classes.column, wide && classes.wide)}>
          <div className={classes.heading}>
            <h1 ref={heading} tabIndex={-1} className={classes.title}>
              {title}
            </h1>
            {lead !== undefined && <p className={classes.lead}>{lead}</p>}
          </div>
          <HostProblem />
          {children}
        </div>
      </main>
      {footer !== undefined && (
        <footer className={classes.footer}>
          <div className={cx(classes.column, classes.actions, wide && classes.wide)}>{footer}</div>
        </footer>
      )}
    </div>
  );
};
