import { ActionIcon, Tabs, Tooltip } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { type ComponentType, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CertificatesTab } from '#renderer/dashboard/privacy/certificates.tsx';
import { RetentionTab } from '#renderer/dashboard/privacy/retention.tsx';
import { useApp, useDashboard } from '#renderer/dashboard/shell/dashboard-context.tsx';
import classes from '#renderer/dashboard/shell/privacy.module.css';
import { mayIdentify, mayKeepData } from '#renderer/dashboard/shell/rights.ts';
import { ServerTime } from '#renderer/dashboard/shell/server-time.tsx';
import { TopBar } from '#renderer/dashboard/shell/top-bar.tsx';
import { PeopleTab } from './find-people.tsx';
import { SetupTab } from './setup.tsx';
import { WaitingTab } from './waiting-enrolments.tsx';

const TABS: Readonly<Record<string, ComponentType>> = {
  waiting: WaitingTab,
  people: PeopleTab,
  setup: SetupTab,
  retention: RetentionTab,
  certificates: CertificatesTab,
};

/** Who may sit which exam as whom, and what is kept about them: enrolments, dates and rooms, retention, certificates. */
export const PrivacyScreen = () => {
  const { t } = useTranslation('privacy');
  const dashboard = useDashboard();
  const me = useApp((s) => s.me);
  const [tab, setTab] = useState('waiting');
  if (me === null || !mayIdentify(me.role)) return null;
  const tabs = mayKeepData(me.role)
    ? (['waiting', 'people', 'setup', 'retention', 'certificates'] as const)
    : (['waiting', 'people'] as const);
  return (
    <div className={classes.page}>
      <TopBar
        title={t('title')}
        before={
          <Tooltip label={t('back')}>
            <ActionIcon
              variant="transparent"
              c="white"
              size="lg"
              aria-label={t('back')}
              onClick={() => dashboard.leaveRoom()}
            >
              <IconArrowLeft size="1.25rem" />
            </ActionIcon>
          </Tooltip>
        }
      >
        <ServerTime />
      </TopBar>
      <main className={classes.main}>
        <Tabs value={tab} onChange={(value) => setTab(value ?? 'waiting')} keepMounted={false}>
          <Tabs.List aria-label={t('tabs')} className={classes.tabs ?? ''}>
            {tabs.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {t(`tab.${name}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tabs.map((name) => {
            const Tab = TABS[name];
            return (
              <Tabs.Panel key={name} value={name} className={classes.panel ?? ''}>
                {Tab !== undefined && <Tab />}
              </Tabs.Panel>
            );
          })}
        </Tabs>
      </main>
    </div>
  );
};
