import { Menu } from '@mantine/core';
import {
  IconChevronDown,
  IconDevicesOff,
  IconInfoCircle,
  IconLogout,
  IconUserCircle,
} from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AboutDialog } from '#renderer/ui/about/about.tsx';
import { Mark } from '#renderer/ui/mark.tsx';
import { useHeadingFocus, usePageTitle } from './page-title.ts';
import { useApp, useShell } from './shell-context.tsx';
import { LanguageSwitch, SchemeSwitch } from './switches.tsx';
import classes from './top-bar.module.css';

/** The frame's upper edge: where one is, in the middle what the screen adds, and whose session it is. */
export const TopBar = ({
  title,
  page = title,
  detail,
  before,
  children,
}: {
  title: string;
  /** What the browser's tab says, where that is more than the title. */
  page?: string;
  detail?: string | undefined;
  before?: ReactNode;
  children?: ReactNode;
}) => {
  usePageTitle(page);
  const heading = useHeadingFocus();
  return (
    <header className={`at-bar ${classes.bar}`}>
      <Mark size={1.75} dark />
      {before}
      <div className={classes.where}>
        <h1 ref={heading} tabIndex={-1} className={`at-truncate ${classes.title}`}>
          {title}
        </h1>
        {detail !== undefined && <div className={`at-truncate ${classes.detail}`}>{detail}</div>}
      </div>
      <div className={classes.tools}>
        {children}
        <SchemeSwitch />
        <LanguageSwitch />
        <Person />
      </div>
    </header>
  );
};

const Person = () => {
  const { t } = useTranslation(['dashboard', 'common']);
  const shell = useShell();
  const me = useApp((s) => s.me);
  const [about, setAbout] = useState(false);
  if (me === null) return null;
  return (
    <>
      {about && <AboutDialog onClose={() => setAbout(false)} />}
      <Menu position="bottom-end" width="15rem">
        <Menu.Target>
          <button type="button" className={classes.person}>
            <IconUserCircle size="1.25rem" aria-hidden />
            <span className={`at-truncate ${classes.name}`}>{me.name}</span>
            <IconChevronDown size="0.875rem" aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            {me.name}
            <br />
            {t(`role.${me.role}`)}
          </Menu.Label>
          <Menu.Item
            leftSection={<IconLogout size="1.125rem" aria-hidden />}
            onClick={() => void shell.signOut()}
          >
            {t('signOut')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconDevicesOff size="1.125rem" aria-hidden />}
            onClick={() => void shell.signOut(true)}
          >
            {t('signOutEverywhere')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconInfoCircle size="1.125rem" aria-hidden />}
            onClick={() => setAbout(true)}
          >
            {t('common:about.title')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
};
