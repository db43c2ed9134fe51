import { Button, Loader } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { showTimesOf } from '#renderer/ui/time-format.ts';
import classes from './dashboard-app.module.css';
import { PeopleTab } from './enrolments/find-people.tsx';
import { IdentityDesk } from './enrolments/identity-desk.tsx';
import { SetupTab } from './enrolments/setup.tsx';
import { WaitingTab } from './enrolments/waiting-enrolments.tsx';
import { DevicesScreen } from './fleet/devices.tsx';
import { SignInScreen } from './people/staff-sign-in.tsx';
import { CertificatesTab } from './privacy/certificates.tsx';
import { RetentionTab } from './privacy/retention.tsx';
import { useFirstRoom } from './room/first-room.ts';
import { RoomScreen } from './room/room.tsx';
import { useRooms } from './room/room-list-context.ts';
import { RoomsScreen } from './room/rooms.tsx';
import { useRoute } from './shell/navigation.ts';
import { NotForRole, UnknownAddress } from './shell/no-screen.tsx';
import { usePageTitle } from './shell/page-title.ts';
import { ProblemNote } from './shell/problem-note.tsx';
import type { Place } from './shell/routes.ts';
import { mayOpen } from './shell/screen-rights.ts';
import { useApp, useShell } from './shell/shell-context.tsx';

/** Which screen: who is in, and what the address says. */
export const DashboardApp = () => {
  const stage = useApp((s) => s.stage);
  switch (stage) {
    case 'starting':
      return <Starting />;
    case 'unreachable':
      return <Unreachable />;
    case 'signed-out':
      return <SignInScreen />;
    case 'signed-in':
      return (
        <Guarded shape="screen">
          <Addressed />
        </Guarded>
      );
  }
};

const Addressed = () => {
  const route = useRoute();
  const role = useApp((s) => s.me?.role);
  useFirstRoom();
  const own = useApp((s) => s.me?.timeZone);
  const roomId = 'params' in route && 'roomId' in route.params ? route.params.roomId : null;
  const ofRoom = useRooms((s) => s.rooms?.find(({ id }) => id === roomId)?.timeZone);
  // Before anything below is drawn: a room's hours are its venue's, everything else those of the person's.
  showTimesOf(ofRoom ?? own);
  if (route.name === 'unknown') return <UnknownAddress />;
  if (role === undefined || !mayOpen(role, route.name)) return <NotForRole />;
  switch (route.name) {
    case 'rooms':
      return <RoomsScreen />;
    case 'room':
      return <RoomAt {...route.params} attemptId={null} timeline={false} />;
    case 'attempt':
    case 'timeline':
      return <RoomAt {...route.params} timeline={route.name === 'timeline'} />;
    case 'devices':
    case 'codes':
    case 'builds':
    case 'device':
      return <DevicesScreen route={route} />;
    case 'enrolments':
    case 'people':
    case 'setup':
    case 'retention':
    case 'certificates': {
      const Tab = TABS[route.name];
      return (
        <IdentityDesk tab={route.name}>
          <Guarded key={route.name} shape="panel">
            <Tab />
          </Guarded>
        </IdentityDesk>
      );
    }
  }
};

const TABS = {
  enrolments: WaitingTab,
  people: PeopleTab,
  setup: SetupTab,
  retention: RetentionTab,
  certificates: CertificatesTab,
} as const;

/** Another session is another screen; another panel in the same room is not. */
const RoomAt = ({
  roomId,
  sessionId,
  ...panel
}: Place & { attemptId: string | null; timeline: boolean }) => {
  const place = useMemo(() => ({ roomId, sessionId }), [roomId, sessionId]);
  return <RoomScreen key={`${roomId}/${sessionId}`} place={place} {...panel} />;
};

const Starting = () => {
  const { t } = useTranslation('common');
  return (
    <main className={classes.middle}>
      <Loader aria-label={t('loading')} />
    </main>
  );
};

const Unreachable = () => {
  const { t } = useTranslation('dashboard');
  const shell = useShell();
  const notice = useApp((s) => s.notice);
  usePageTitle(t('unreachable.title'));
  return (
    <main className={classes.middle}>
      <div className={classes.note}>
        <h1 className={classes.title}>{t('unreachable.title')}</h1>
        <ProblemNote problem={notice} />
        <Button onClick={() => void shell.start()}>{t('common:retry')}</Button>
      </div>
    </main>
  );
};
