import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import classes from './dialog.module.css';

/**
 * A dialog with focus trap: its title in a band, its text read out when it opens. Without `onClose` it
 * can only be left through what it offers.
 */
export const Dialog = ({
  opened = true,
  onClose,
  title,
  icon,
  alarm = false,
  size = 'lg',
  children,
}: {
  opened?: boolean;
  onClose?: (() => void) | undefined;
  title: string;
  icon?: ReactNode;
  /** Only for a counted copy attempt. */
  alarm?: boolean;
  size?: string;
  children: ReactNode;
}) => (
  <Modal.Root
    opened={opened}
    onClose={() => onClose?.()}
    closeOnEscape={onClose !== undefined}
    closeOnClickOutside={false}
    centered
    size={size}
    padding={0}
    transitionProps={{ duration: 120, transition: 'fade' }}
  >
    <Modal.Overlay backgroundOpacity={0.55} color="#121c2c" />
    <Modal.Content radius="lg" className={cx(classes.content)}>
      {/* A plain box: Mantine's own header is a second banner to screen readers. */}
      <div className={cx(classes.head, alarm && classes.alarm)}>
        <Modal.Title className={cx(classes.title)}>
          {icon}
          {title}
        </Modal.Title>
      </div>
      <Modal.Body className={cx(classes.body)}>{children}</Modal.Body>
    </Modal.Content>
  </Modal.Root>
);

/** The row of buttons at a dialog's end. */
export const DialogActions = ({ children }: { children: ReactNode }) => (
  <div className={classes.actions}>{children}</div>
);
