import { ActionIcon, Button, Loader, TextInput } from '@mantine/core';
import {
  IconEye,
  IconEyeOff,
  IconLock,
  IconPlugConnected,
  IconRefresh,
  IconWifi,
  IconWifiOff,
} from '@tabler/icons-react';
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toldOf } from '#shared/incident/reading.ts';
import type {
  MachineNetwork,
  MachineNetworkState,
  MachineNetworkView,
  NearbyNetwork,
  NetworkOutcome,
} from '#shared/ports/machine-network.port.ts';
import classes from './connection.module.css';

/** While the panel is open the machine is looked at this often, ms. */
const LOOK_EVERY_MS = 10_000;

const lineOf = (state: MachineNetworkState): string => {
  if (state.cable === 'connected') return 'cable';
  if (state.wifi === 'connected') return state.name === null ? 'wifiUnnamed' : 'wifi';
  if (state.wifi === 'off') return 'wifiOff';
  return state.cable === 'unknown' ? 'noWifi' : 'none';
};

const PasswordForm = ({
  network,
  busy,
  onJoin,
  onCancel,
}: {
  network: NearbyNetwork;
  busy: boolean;
  onJoin: (password: string) => void;
  onCancel: () => void;
}) => {
  const { t } = useTranslation('connection');
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const short = password.length < 8;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (short || busy) return;
    onJoin(password);
    setPassword('');
  };
  return (
    <form onSubmit={submit} noValidate data-own-keys className={classes.password}>
      <TextInput
        size="lg"
        type={shown ? 'text' : 'password'}
        rightSectionWidth="3rem"
        rightSection={
          <ActionIcon
            variant="subtle"
            color="ink"
            size="2.75rem"
            aria-label={t('network.show')}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          >
            {shown ? <IconEyeOff size="1.25rem" /> : <IconEye size="1.25rem" />}
          </ActionIcon>
        }
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        maxLength={64}
        label={t('network.password', { name: network.name })}
        description={t('network.passwordHint')}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <div className={classes.row}>
        <Button variant="default" size="md" onClick={onCancel}>
          {t('network.cancel')}
        </Button>
        <Button type="submit" size="md" disabled={short} loading={busy}>
          {t('network.join')}
        </Button>
      </div>
    </form>
  );
};

const Nearby = ({
  networks,
  busy,
  onJoin,
}: {
  networks: readonly NearbyNetwork[];
  busy: boolean;
  onJoin: (network: NearbyNetwork, password: string | null) => void;
}) => {
  const { t } = useTranslation('connection');
  const [asking, setAsking] = useState<NearbyNetwork | null>(null);
  const choose = (network: NearbyNetwork): void => {
    if (network.known || network.security === 'open') onJoin(network, null);
    else setAsking(network);
  };
  if (asking !== null) {
    return (
      <PasswordForm
        key={asking.name}
        network={asking}
        busy={busy}
        onCancel={() => setAsking(null)}
        onJoin={(password) => {
          onJoin(asking, password);
          setAsking(null);
        }}
      />
    );
  }
  return (
    <>
      <h3 className={classes.head}>{t('network.others')}</h3>
      {networks.length === 0 && <p>{t('network.noOthers')}</p>}
      <ul className={classes.list}>
        {networks.map((network) => (
          <li key={network.name}>
            <span className={classes.name}>{network.name}</span>
            <span className={classes.facts}>
              {network.security !== 'open' && (
                <IconLock size="1rem" role="img" aria-label={t('network.locked')} />
              )}
              {network.signal !== null && t('network.signal', { percent: network.signal })}
            </span>
            {network.current ? (
              <span className={classes.here}>{t('network.here')}</span>
            ) : network.security === 'managed' && !network.known ? (
              <span className={classes.here}>{t('network.managed')}</span>
            ) : (
              <Button
                variant="default"
                size="md"
                disabled={busy}
                aria-label={t('network.joinNamed', { name: network.name })}
                onClick={() => choose(network)}
              >
                {t('network.join')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
};

/** The machine's own network: how it is, connecting again, and another one where the institution allows it. */
export const MachineNetworkPart = ({ network }: { network: MachineNetwork }) => {
  const { t } = useTranslation('connection');
  const [view, setView] = useState<MachineNetworkView | null>(null);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<NetworkOutcome | null>(null);
  const look = useCallback(async () => {
    setView(await network.look().catch(() => null));
  }, [network]);
  useEffect(() => {
    void look();
    const timer = setInterval(() => void look(), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [look]);
  if (view === null) {
    return (
      <p className={classes.machine}>
        <Loader size="sm" aria-hidden /> {t('network.looking')}
      </p>
    );
  }
  if (view.rights === 'none') return null;
  const state = toldOf(view.reading);
  const act = async (task: () => Promise<NetworkOutcome>): Promise<void> => {
    setBusy(true);
    setOutcome(null);
    setOutcome(await task().catch((): NetworkOutcome => 'failed'));
    await look();
    setBusy(false);
  };
  const Icon =
    state?.cable === 'connected'
      ? IconPlugConnected
      : state?.wifi === 'connected'
        ? IconWifi
        : IconWifiOff;
  return (
    <section className={classes.machine} aria-label={t('network.title')}>
      <div className={classes.now}>
        <Icon size="1.5rem" aria-hidden />
        <div>
          <strong>{t('network.title')}</strong>
          <p>
            {state === null
              ? t(`network.unread.${view.reading.state}`)
              : t(`network.state.${lineOf(state)}`, { name: state.name ?? '' })}
            {state?.signal != null && ` ${t('network.signal', { percent: state.signal })}`}
          </p>
        </div>
        <Button
          variant="default"
          size="md"
          leftSection={<IconRefresh size="1.25rem" aria-hidden />}
          loading={busy}
          onClick={() => void act(network.reconnect)}
        >
          {t('network.reconnect')}
        </Button>
      </div>
      <div role="status" className={classes.outcome}>
        {busy ? t('network.working') : outcome === null ? '' : t(`network.outcome.${outcome}`)}
      </div>
      {view.rights === 'choose' && state !== null && (
        <Nearby
          networks={state.nearby}
          busy={busy}
          onJoin={(one, password) => void act(() => network.join(one.name, password))}
        />
      )}
    </section>
  );
};
