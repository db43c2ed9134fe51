import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { i18n } from 'i18next';
import { useEffect } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import type { Phase } from '#shared/attempt/attempt-state.ts';
import { type Kiosk, KioskProvider, useKioskState } from './kiosk-context.tsx';
import { kioskTheme } from './kiosk-theme.ts';
import { ClosedScreen } from './screens/closing/closed.tsx';
import { DeviceCheckScreen } from './screens/device-check.tsx';
import { EnrolmentScreen } from './screens/enrolment.tsx';
import { ExamScreen } from './screens/exam/exam-screen.tsx';
import { FramingScreen } from './screens/framing.tsx';
import { useDismissalNews } from './screens/notices/dismissal-news.ts';
import { useNotices } from './screens/notices/notices.tsx';
import { PausedScreen } from './screens/paused.tsx';
import { RulesScreen } from './screens/rules.tsx';
import { ScreenGuard } from './screens/screen-guard.tsx';
import { SignInScreen } from './screens/sign-in.tsx';
import { StartingScreen } from './screens/starting.tsx';
import { WaitingScreen } from './screens/waiting.tsx';

const AttemptScreen = ({ phase, covered }: { phase: Phase; covered: boolean }) => {
  switch (phase) {
    case 'device-check':
      return <DeviceCheckScreen />;
    case 'rules':
      return <RulesScreen />;
    case 'framing':
      return <FramingScreen />;
    case 'waiting':
      return <WaitingScreen />;
    case 'in-progress':
      return <ExamScreen covered={covered} />;
    case 'paused':
      return <PausedScreen />;
    case 'closed':
      return <ClosedScreen />;
  }
};

/** The screen that the host's view asks for: no history, no routes, so that nothing can be skipped or gone back to. */
const Screen = () => {
  const view = useKioskState((state) => state.view);
  const notices = useNotices(view?.attempt ?? null);
  useDismissalNews(view?.attempt ?? null);
  if (view === null || view.stage === 'starting') return <StartingScreen />;
  if (view.stage === 'not-enrolled') return <EnrolmentScreen />;
  if (view.stage === 'signed-out') return <SignInScreen />;
  if (view.attempt === null) return <StartingScreen />;
  return (
    <>
      <AttemptScreen phase={view.attempt.phase} covered={notices.covered} />
      {notices.element}
    </>
  );
};

/** Keeps what the document says of itself in the language of the screens. */
const DocumentLanguage = () => {
  const { t, i18n } = useTranslation('kiosk');
  const title = t('title');
  useEffect(() => {
    document.documentElement.lang = i18n.language;
    document.title = title;
  }, [i18n.language, title]);
  return null;
};

/** The whole kiosk on a host, real or scripted. */
export const App = ({ kiosk, i18n }: { kiosk: Kiosk; i18n: i18n }) => (
  <I18nextProvider i18n={i18n}>
    <MantineProvider theme={kioskTheme} forceColorScheme="light">
      <KioskProvider kiosk={kiosk}>
        <DocumentLanguage />
        <Notifications position="top-center" limit={2} containerWidth="34rem" />
        <ScreenGuard>
          <Screen />
        </ScreenGuard>
      </KioskProvider>
    </MantineProvider>
  </I18nextProvider>
);
