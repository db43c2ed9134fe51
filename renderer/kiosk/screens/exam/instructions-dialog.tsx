import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogActions } from '#renderer/ui/dialog.tsx';
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
    <Dialog opened={opened} onClose={onClose} title={t('exam.instructions')}>
      <p className={classes.instructions}>{ticket?.exam.instructions}</p>
      <p>{t('waiting.shiftEnd')}</p>
      <DialogActions>
        <Button size="lg" onClick={onClose} data-autofocus>
          {t('exam.instructionsClose')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
