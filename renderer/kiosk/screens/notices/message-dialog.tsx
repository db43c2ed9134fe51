import { Button, Modal } from '@mantine/core';
import { IconMessage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
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
    <Modal
      opened
      onClose={() => undefined}
      closeOnEscape={false}
      size="lg"
      padding={0}
      title={
        <span className={classes.title}>
          <IconMessage size="1.5rem" aria-hidden />
          {t('message.title', { from: message.from })}
        </span>
      }
      classNames={{ header: classes.plain ?? '', content: classes.content ?? '' }}
    >
      <div className={classes.body}>
        <p className={classes.message}>{message.text}</p>
        <ProblemText problem={problem} />
        <div className={classes.actions}>
          <Button size="lg" loading={running} onClick={() => void read()} data-autofocus>
            {t('message.read')}
          </Button>
        </div>
      </div>
    </Modal>
  );
};
