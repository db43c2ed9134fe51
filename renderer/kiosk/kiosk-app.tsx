import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { i18n } from 'i18next';
import { type ReactNode, useEffect, useState } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { showTimesOf } from '#renderer/ui/time-format.ts';
import type { Phase } from '#shared/attempt/attempt-state.ts';
import { asksWho } from '#shared/attempt/gate.ts';
import classes from './kiosk-app.module.css';
import { type Kiosk, KioskProvider, useKioskState } from './kiosk-context.tsx';
import { kioskTheme } from './kiosk-theme.ts';
import { ClosedScreen } from './screens/closing/closed.tsx';
import { DeviceCheckScreen } from './screens/device-check.tsx';
import { EnrolmentScreen } from './screens/enrolment.tsx';
import { ExamScreen } from './screens/exam/exam-screen.tsx';
import { SignInScreen } from './screens/examinee-sign-in.tsx';
import { FramingScreen } from './screens/framing.tsx';
import { GateScreen } from './screens/gate.tsx';
import { IdentityScreen } from './screens/identity/identity.tsx';
import { useDismissalNews } from './screens/notices/dismissal-news.ts';
import { useNotices } from './screens/notices/notices.tsx';
import { PausedScreen } from './screens/paused.tsx';
import { RoomScanScreen } from './screens/room-scan/room-scan.tsx';
import { RulesScreen } from './screens/rules.tsx';
import { ScreenGuard, UnusableScreen } from './screens/screen-guard.tsx';
import { StartingScreen } from './screens/starting.tsx';
import { WaitingScreen } from './screens/waiting-room.tsx';
import { stepTextSize, watchTextSizeKeys } from './text-size.ts';

const AttemptScreen = ({ phase, covered }: { phase: Phase; covered: boolean }) => {
  const roomScan = useKioskState((state) => state.view?.roomScan ?? null);
  const gate = useKioskState((state) => state.view?.attempt?.gate ?? null);
  switch (phase) {
    case 'device-check':
      return <DeviceCheckScreen />;
    case 'rules':
      return <RulesScreen />;
    case 'framing':
      return <FramingScreen />;
    case 'identity':
      return <IdentityScreen />;
    case 'waiting':
      return <WaitingScreen />;
    case 'in-progress':
      return asksWho(gate) && gate !== null ? (
        <GateScreen key={gate.sinceT} cause={gate.cause} />
      ) : (
        <ExamScreen covered={covered} />
      );
    case 'paused':
      return roomScan === null ? <PausedScreen /> : <RoomScanScreen scan={roomScan} />;
    case 'closed':
      return <ClosedScreen />;
  }
};

/** The screen that the host's view asks for: no history, no routes, so that nothing can be skipped or gone back to. */
const Screen = () => {
  const view = useKioskState((state) => state.view);
  // Before anything below is drawn: hours are the venue's, however this machine is set.
  showTimesOf(view?.ticket?.room.timeZone);
  const notices = useNotices(view?.attempt ?? null);
  useDismissalNews(view?.attempt ?? null);
  const signedOut = view?.stage === 'signed-out';
  useEffect(() => {
    // Whoever signs out takes the enlarged text along; who signs in may have enlarged it at the door.
    if (signedOut) return () => undefined;
    return () => stepTextSize('reset');
  }, [signedOut]);
  if (view === null || view.stage === 'starting') {
    return <StartingScreen problem={view?.problem ?? null} />;
  }
  if (view.stage === 'not-enrolled') return <EnrolmentScreen />;
  if (view.stage === 'signed-out') return <SignInScreen />;
  if (view.attempt === null) return <StartingScreen />;
  return (
    <>
      <AttemptScreen phase={view.attempt.phase} covered={notices.covered} />
      <Guarded shape="panel" version={view.attempt}>
        {notices.element}
      </Guarded>
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

/** Control with plus, minus and zero changes the size of the text everywhere; the next person begins with the usual one. */
const TextSizeKeys = () => {
  useEffect(watchTextSizeKeys, []);
  return null;
};

/** Opens the host; a machine that cannot even do that says so instead of staying white. */
const Opened = ({ open }: { open: () => Promise<Kiosk> }) => {
  const [kiosk, setKiosk] = useState<Kiosk | 'failed' | null>(null);
  useEffect(() => {
    let here = true;
    open().then(
      (opened) => here && setKiosk(opened),
      (error: unknown) => {
        console.error('the host did not open', error);
        if (here) setKiosk('failed');
      },
    );
    return () => {
      here = false;
    };
  }, [open]);
  if (kiosk === null) return <StartingScreen />;
  return kiosk === 'failed' ? <UnusableScreen /> : <Screens kiosk={kiosk} />;
};

const Screens = ({ kiosk }: { kiosk: Kiosk }) => (
  <KioskProvider kiosk={kiosk}>
    <Notifications position="top-center" limit={2} containerWidth="34rem" />
    <Screen />
  </KioskProvider>
);

const Frame = ({ i18n, children }: { i18n: i18n; children: ReactNode }) => (
  <I18nextProvider i18n={i18n}>
    <MantineProvider theme={kioskTheme} forceColorScheme="light">
      <DocumentLanguage />
      <TextSizeKeys />
      <div className={classes.page}>
        <ScreenGuard>{children}</ScreenGuard>
      </div>
    </MantineProvider>
  </I18nextProvider>
);

/** The whole kiosk on a host that is open already. */
export const App = ({ kiosk, i18n }: { kiosk: Kiosk; i18n: i18n }) => (
  <Frame i18n={i18n}>
    <Screens kiosk={kiosk} />
  </Frame>
);

/**
 * The whole kiosk from the first moment, while its host still opens.
 * @param open gives host and camera; called once.
 */
export const OpeningApp = ({ open, i18n }: { open: () => Promise<Kiosk>; i18n: i18n }) => (
  <Frame i18n={i18n}>
    <Opened open={open} />
  </Frame>
);
