import { Modal } from '@mantine/core';
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './desk-dialog.module.css';

/**
 * What must be answered or closed before going on. Its head is no `<header>`: inside a dialog that
 * would be a second banner of the page.
 */
export const Dialog = ({
  opened,
  title,
  size,
  onClose,
  onKeyDown,
  children,
}: {
  opened: boolean;
  title: string;
  /** Width, CSS. */
  size: string;
  onClose: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ReactNode;
}) => {
  const { t } = useTranslation('dashboard');
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
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
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
};
