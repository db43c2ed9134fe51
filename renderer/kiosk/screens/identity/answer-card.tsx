import { IconUserQuestion } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { IdentityView } from '#shared/ports/kiosk-host.port.ts';
import { useView } from '../../kiosk-context.tsx';
import classes from './identity.module.css';
import { TellNote } from './tell-note.tsx';

/** What the check found, without blame, and what can be done about it. */
export const AnswerCard = ({ check }: { check: IdentityView }) => {
  const { t } = useTranslation('kiosk');
  const { attempt } = useView();
  const outcome = attempt?.identity.checks.at(-1)?.outcome ?? check.lastOutcome ?? 'unsure';
  return (
    <div role="status" data-outcome={outcome} className={classes.answer}>
      <IconUserQuestion size="3rem" stroke={1.5} aria-hidden />
      <h2 className={classes.say}>{t(`identity.outcome.${outcome}.say`)}</h2>
      <p>{t(`identity.outcome.${outcome}.mend`)}</p>
      <p className={classes.tries}>{t('identity.triesLeft', { count: check.triesLeft })}</p>
      <TellNote />
    </div>
  );
};
