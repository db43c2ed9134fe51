import { IconDevices, IconUserShield } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './bar-button.module.css';
import { hrefOf } from './navigation.ts';
import { mayOpen } from './screen-rights.ts';
import { useApp } from './shell-context.tsx';

const DESKS = [
  { route: 'enrolments', words: 'desk.enrolments', Icon: IconUserShield },
  { route: 'devices', words: 'desk.devices', Icon: IconDevices },
] as const;

/** Where else the person may go: the desks beside the rooms. */
export const DeskLinks = () => {
  const { t } = useTranslation('dashboard');
  const role = useApp((s) => s.me?.role);
  if (role === undefined) return null;
  return DESKS.filter(({ route }) => mayOpen(role, route)).map(({ route, words, Icon }) => (
    <a key={route} className={classes.button} href={hrefOf(route, {})}>
      <Icon size="1.125rem" aria-hidden />
      <span className={classes.word}>{t(words)}</span>
    </a>
  ));
};
