import { Button, Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApp, useDashboard } from '../dashboard-context.tsx';
import { mayIdentify, mayKeepDevices } from '../rights.ts';
import { DEVICES_HASH, PRIVACY_HASH, useHash } from '../use-hash.ts';
import classes from './app.module.css';
import { DevicesScreen } from './devices/devices.tsx';
import { PrivacyScreen } from './enrolments/privacy.tsx';
import { ProblemNote } from './problem-note.tsx';
import { RoomScreen } from './room.tsx';
import { RoomsScreen } from './rooms.tsx';
import { SignInScreen } from './sign-in.tsx';

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
