import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './desk.module.css';

/** What can no longer be done, why, and the way out. */
export const Refused = ({ text, onClose }: { text: string; onClose: () => void }) => {
  const { t } = useTranslation('dashboard');
  return (
    <div className={classes.stack}>
      <p className={classes.refused} role="alert">
        {text}
      </p>
      <div className={classes.end}>
        <Button onClick={onClose} autoFocus>
          {t('answer.close')}
        </Button>
      </div>
    </div>
  );
};
