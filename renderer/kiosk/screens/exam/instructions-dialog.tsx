import { Button, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useView } from '../../kiosk-context.tsx';
import classes from './finish-dialog.module.css';

/** The exam's instructions and allowed aids, at hand during the exam. */
export const InstructionsDialog = ({
  opened,
  onClose,
}: {
  opened: boolean;
  onClose: () => void;
}) => {
  const { t } = useTranslation('kiosk');
  const { ticket } = useView();
  return (
    <Modal opened={opened} onClose={onClose} title={t('exam.instructions')} size="lg">
      <div className={classes.body}>
        <p className={classes.instructions}>{ticket?.exam.instructions}</p>
        <p>{t('waiting.shiftEnd')}</p>
        <div className={classes.actions}>
          <Button size="lg" onClick={onClose} data-autofocus>
            {t('exam.instructionsClose')}
          </Button>
        </div>
      </div>
    </Modal>
  );
};
