import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { goTo } from './navigation.ts';
import classes from './no-screen.module.css';
import { useApp } from './shell-context.tsx';
import { TopBar } from './top-bar.tsx';

/** In place of a screen: why there is none here, and the way on. */
export const NoScreen = ({
  title,
  text,
  children,
}: {
  title: string;
  text: string;
  children?: ReactNode;
}) => {
  const { t } = useTranslation('dashboard');
  return (
    <div className={classes.page}>
      <TopBar title={title} />
      <main className={classes.main}>
        <p className={classes.text}>{text}</p>
        <Button onClick={() => goTo('rooms', {})}>{t('noScreen.toRooms')}</Button>
        {children !== undefined && <div className={classes.more}>{children}</div>}
      </main>
    </div>
  );
};

/** An address that names nothing. */
export const UnknownAddress = () => {
  const { t } = useTranslation('dashboard');
  return <NoScreen title={t('noScreen.unknown')} text={t('noScreen.unknownText')} />;
};

/** A screen that is not for the person's role. */
export const NotForRole = () => {
  const { t } = useTranslation('dashboard');
  const role = useApp((s) => s.me?.role);
  const text = t('noScreen.notForRoleText', { role: role === undefined ? '' : t(`role.${role}`) });
  return <NoScreen title={t('noScreen.notForRole')} text={text} />;
};
