import { Button } from '@mantine/core';
import { IconMessage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogActions } from '#renderer/ui/dialog.tsx';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import type { ReceivedMessage } from '#shared/attempt/attempt-state.ts';
import { useAction } from '../../kiosk-context.tsx';
import classes from './notices.module.css';

/** What the proctor wrote. Reading it is confirmed, so that the proctor knows. */
export const MessageDialog = ({
  message,
  onSeen,
}: {
  message: ReceivedMessage;
  onSeen: () => void;
}) => {
  const { t } = useTranslation('kiosk');
  const { running, problem, run } = useAction();
  const read = async () => {
    if (running) return;
    await run({ type: 'read-message', commandId: message.commandId });
    onSeen();
  };
  return (
    <Dialog
      title={t('message.title', { from: message.from })}
      icon={<IconMessage size="1.5rem" aria-hidden />}
    >
      <p className={classes.message}>{message.text}</p>
      <ProblemText problem={problem} />
      <DialogActions>
        <Button size="lg" loading={running} onClick={() => void read()} data-autofocus>
          {t('message.read')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
