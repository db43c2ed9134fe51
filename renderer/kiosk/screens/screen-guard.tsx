import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Mark } from '#renderer/ui/mark.tsx';
import classes from './starting.module.css';

const Stopped = ({ title, text }: { title: string; text: string }) => {
  const { t } = useTranslation('common');
  return (
    <main className={classes.page}>
      <Mark size={4} />
      <h1 className={classes.title}>{title}</h1>
      <p className={classes.text} role="alert">
        {text}
      </p>
      <Button size="lg" onClick={() => window.location.reload()}>
        {t('crash.reload')}
      </Button>
    </main>
  );
};

const Interrupted = () => {
  const { t } = useTranslation('common');
  return <Stopped title={t('crash.title')} text={t('crash.text')} />;
};

/** The machine refuses what the kiosk stands on (storage, keys): nothing can begin here. */
export const UnusableScreen = () => {
  const { t } = useTranslation('common');
  return <Stopped title={t('unusable.title')} text={t('unusable.text')} />;
};

/** A fault of the screens must never be a white page: it says that nothing is lost and offers the way back. */
export class ScreenGuard extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override componentDidCatch(error: unknown): void {
    console.error('screen failed', error);
  }

  override render(): ReactNode {
    return this.state.broken ? <Interrupted /> : this.props.children;
  }
}
