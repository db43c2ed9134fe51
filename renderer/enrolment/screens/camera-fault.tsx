import { Button } from '@mantine/core';
import { IconCameraOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import type { FaceFault } from '../face-run.ts';
import classes from './camera.module.css';

/** Why there is no picture, and what the person can do about it. */
export const CameraFault = ({ fault, onRetry }: { fault: FaceFault; onRetry: () => void }) => {
  const { t } = useTranslation('enrolment');
  return (
    <div className={cx(classes.advice, classes.look)} role="alert" data-fault={fault}>
      <IconCameraOff size="2.25rem" aria-hidden />
      <div>
        <div className={classes.say}>{t(`camera.fault.${fault}`)}</div>
        <p>{t(`camera.mend.${fault}`)}</p>
      </div>
      <div>
        <Button size="md" variant="default" onClick={onRetry}>
          {t('camera.retry')}
        </Button>
      </div>
    </div>
  );
};
