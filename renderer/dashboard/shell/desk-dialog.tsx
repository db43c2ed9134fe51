import { Button, Modal } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './desk-dialog.module.css';

/**
 * What must be answered or closed before going on. Its head is no `<header>`: inside a dialog that
 * would be a second banner of the page.
 * @param keep what is lost by closing, as a question: closing asks it first, however it is closed.
 */
export const Dialog = ({
  opened,
  title,
  size,
  keep,
  onClose,
  onKeyDown,
  children,
}: {
  opened: boolean;
  title: string;
  /** Width, CSS. */
  size: string;
  keep?: string | undefined;
  onClose: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ReactNode;
}) => {
  const { t } = useTranslation('dashboard');
  const [asking, setAsking] = useState(false);
  const asks = keep !== undefined && asking;
  // Escape at the question goes back to what is shown, as Escape everywhere undoes the last step.
  const close = () => (keep === undefined ? onClose() : setAsking(!asking));
  return (
    <Modal.Root
      opened={opened}
      onClose={close}
      size={size}
      centered
      {...(onKeyDown === undefined ? {} : { onKeyDown })}
    >
      <Modal.Overlay />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title className={classes.title ?? ''}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t('closeDialog')} />
        </div>
        <Modal.Body>
          {children}
          <div role="alert">
            {asks && (
              <div className={classes.keep}>
                <p>{keep}</p>
                <div className={classes.keepButtons}>
                  <Button variant="default" autoFocus onClick={() => setAsking(false)}>
                    {t('keepOpen')}
                  </Button>
                  <Button onClick={onClose}>{t('closeAnyway')}</Button>
                </div>
              </div>
            )}
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
};
