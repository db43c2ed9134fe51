import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { BackButton } from '#renderer/dashboard/shell/back-button.tsx';
import classes from '#renderer/dashboard/shell/desk.module.css';
import { goTo } from '#renderer/dashboard/shell/navigation.ts';
import { mayOpen } from '#renderer/dashboard/shell/screen-rights.ts';
import { ServerTime } from '#renderer/dashboard/shell/server-time.tsx';
import { useApp } from '#renderer/dashboard/shell/shell-context.tsx';
import { TopBar } from '#renderer/dashboard/shell/top-bar.tsx';

const TABS = ['enrolments', 'people', 'setup', 'retention', 'certificates'] as const;

/** The parts of the desk, each with its own address. */
type DeskTab = (typeof TABS)[number];

/**
 * The frame of the identity desk: who may sit which exam as whom, and what is kept about them.
 * @param children the part that the address names.
 */
export const IdentityDesk = ({ tab, children }: { tab: DeskTab; children: ReactNode }) => {
  const { t } = useTranslation('enrolments');
  const role = useApp((s) => s.me?.role);
  const tabs = TABS.filter((name) => role !== undefined && mayOpen(role, name));
  return (
    <div className={classes.page}>
      <TopBar
        title={t('title')}
        page={`${t(`tab.${tab}`)} · ${t('title')}`}
        before={<BackButton />}
      >
        <ServerTime />
      </TopBar>
      <main className={classes.main}>
        <Tabs value={tab} onChange={(value) => goTo((value ?? 'enrolments') as DeskTab, {})}>
          <Tabs.List aria-label={t('tabs')} className={classes.tabs ?? ''}>
            {tabs.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {t(`tab.${name}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={tab} className={classes.panel ?? ''}>
            {children}
          </Tabs.Panel>
        </Tabs>
      </main>
    </div>
  );
};
