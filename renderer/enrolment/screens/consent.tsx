import { Button, Checkbox } from '@mantine/core';
import {
  IconArchive,
  IconClock,
  IconEye,
  IconRefresh,
  IconTarget,
  IconUserCheck,
} from '@tabler/icons-react';
import { type ComponentType, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { CONSENT_VERSION } from '#shared/wire/enrolment.ts';
import { useEnrolment, useEnrolmentState, useLocale, useStatus } from '../enrolment-context.tsx';
import { EMPTY_DRAFT } from '../enrolment-store.ts';
import { Frame } from './frame.tsx';
import classes from './panel.module.css';

const Point = ({
  icon: Icon,
  title,
  children,
}: {
  icon: ComponentType<{ size?: number | string }>;
  title: string;
  children: ReactNode;
}) => (
  <section className={classes.point}>
    <Icon size="1.75rem" aria-hidden />
    <div>
      <h2>{title}</h2>
      {children}
    </div>
  </section>
);

/** What is done with picture and data, in plain words, and a choice. Nothing is ticked beforehand. */
export const ConsentScreen = () => {
  const { t } = useTranslation('enrolment');
  const enrolment = useEnrolment();
  const locale = useLocale();
  const { retentionDays, consentVersion } = useStatus();
  const given = useEnrolmentState((state) => state.draft.consent !== null);
  const [checked, setChecked] = useState(given);
  const [nudged, setNudged] = useState(false);
  const box = useRef<HTMLInputElement>(null);

  if (consentVersion !== CONSENT_VERSION) {
    return (
      <Frame narrow step="consent" title={t('consent.title')} onBack={() => enrolment.go('where')}>
        <div className={classes.note} role="alert">
          <IconRefresh size="1.35rem" aria-hidden />
          <div>
            {t('consent.outdated')}
            <div className={classes.here}>
              <Button variant="default" onClick={() => location.reload()}>
                {t('consent.reload')}
              </Button>
            </div>
          </div>
        </div>
      </Frame>
    );
  }
  const accept = () => {
    setNudged(true);
    // On a small screen the box may be further down.
    if (!checked) return box.current?.focus();
    enrolment.keep({ consent: locale });
    enrolment.go('face');
  };
  const decline = () => {
    enrolment.keep(EMPTY_DRAFT);
    enrolment.go('declined');
  };
  return (
    <Frame
      step="consent"
      title={t('consent.title')}
      lead={t('consent.lead')}
      onBack={() => enrolment.go('where')}
      footer={
        <>
          <Button variant="default" size="md" onClick={decline}>
            {t('consent.decline')}
          </Button>
          <Button
            size="md"
            aria-disabled={!checked}
            aria-describedby="consent-missing"
            {...(checked ? {} : { 'data-disabled': true })}
            onClick={accept}
          >
            {t('consent.accept')}
          </Button>
        </>
      }
    >
      <div className={classes.points}>
        <Point icon={IconTarget} title={t('consent.purpose.title')}>
          <p>{t('consent.purpose.text')}</p>
        </Point>
        <Point icon={IconUserCheck} title={t('consent.no.title')}>
          <p>{t('consent.no.text')}</p>
        </Point>
        <Point icon={IconArchive} title={t('consent.kept.title')}>
          <ul>
            <li>{t('consent.kept.template')}</li>
            <li>{t('consent.kept.portrait')}</li>
            <li>{t('consent.kept.document')}</li>
          </ul>
          <p>{t('consent.kept.not')}</p>
        </Point>
        <Point icon={IconClock} title={t('consent.time.title')}>
          <p>{t('consent.time.text', { count: retentionDays })}</p>
        </Point>
        <Point icon={IconEye} title={t('consent.who.title')}>
          <p>{t('consent.who.text')}</p>
        </Point>
        <Point icon={IconRefresh} title={t('consent.rights.title')}>
          <p>{t('consent.rights.text')}</p>
        </Point>
      </div>
      <div className={classes.agree}>
        <Checkbox
          ref={box}
          size="md"
          label={t('consent.check')}
          checked={checked}
          onChange={(event) => setChecked(event.currentTarget.checked)}
        />
        <div
          id="consent-missing"
          role="status"
          className={cx(classes.missing, nudged && !checked && classes.nudged)}
        >
          {checked ? '' : t('consent.missing')}
        </div>
      </div>
    </Frame>
  );
};
