import { Button, Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './dashboard-app.module.css';
import { PrivacyScreen } from './enrolments/privacy.tsx';
import { DevicesScreen } from './fleet/devices.tsx';
import { SignInScreen } from './people/staff-sign-in.tsx';
import { RoomScreen } from './room/room.tsx';
import { RoomsScreen } from './room/rooms.tsx';
import { useApp, useDashboard } from './shell/dashboard-context.tsx';
import { ProblemNote } from './shell/problem-note.tsx';
import { mayIdentify, mayKeepDevices } from './shell/rights.ts';
import { DEVICES_HASH, PRIVACY_HASH, useHash } from './shell/use-hash.ts';

/** Which screen: who is in, and where. */
export const App = () => {
  const stage = useApp((s) => s.stage);
  const place = useApp((s) => s.place);
  const keepsDevices = useApp((s) => s.me !== null && mayKeepDevices(s.me.role));
  const identifies = useApp((s) => s.me !== null && mayIdentify(s.me.role));
  const hash = useHash();
  switch (stage) {
    case 'starting':
      return <Starting />;
    case 'unreachable':
      return <Unreachable />;
    case 'signed-out':
      return <SignInScreen />;
    case 'signed-in':
      if (keepsDevices && hash === DEVICES_HASH) return <DevicesScreen />;
      if (identifies && hash === PRIVACY_HASH) return <PrivacyScreen />;
      return place === null ? (
        <RoomsScreen />
      ) : (
        <RoomScreen key={`${place.roomId}/${place.sessionId}`} />
      );
  }
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
  const dashboard = useDashboard();
  const notice = useApp((s) => s.notice);
  return (
    <main className={classes.middle}>
      <div className={classes.note}>
        <h1 className={classes.title}>{t('unreachable.title')}</h1>
        <ProblemNote problem={notice} />
        <Button onClick={() => void dashboard.start()}>{t('common:retry')}</Button>
      </div>
    </main>
  );
};
