import {
  IconBattery1,
  IconBattery2,
  IconBattery3,
  IconBattery4,
  IconBatteryCharging,
  IconDatabaseOff,
  IconEyeOff,
  IconUpload,
  IconWifi,
  IconWifiOff,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Tile } from '#shared/wire/dashboard.ts';
import classes from './tile-signs.module.css';

/** A round trip slower than this is marked, ms. */
const SLOW_MS = 1_000;
const LOW_BATTERY = 0.15;

/** Seconds from one on: four digits of milliseconds are more than a tile has room for. */
const latencyText = (ms: number): string =>
  ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;

const batteryIcon = (battery: number, charging: boolean) => {
  if (charging) return IconBatteryCharging;
  if (battery <= LOW_BATTERY) return IconBattery1;
  if (battery < 0.5) return IconBattery2;
  return battery < 0.8 ? IconBattery3 : IconBattery4;
};

/** Connection, battery, what waits to be sent, what nobody watches: small, and loud only when it matters. */
export const TileSignals = ({ tile }: { tile: Tile }) => {
  const { t } = useTranslation(['dashboard', 'incidents']);
  if (tile.connection === 'never') return <span className={classes.signals} />;
  const online = tile.connection === 'online';
  const Wifi = online ? IconWifi : IconWifiOff;
  const battery = online ? tile.battery : null;
  const charging = tile.charging === true;
  const Battery = batteryIcon(battery ?? 1, charging);
  return (
    <span className={classes.signals}>
      <span
        className={classes.signal}
        data-look={online ? (tile.latencyMs ?? 0) > SLOW_MS : tile.phase !== 'closed'}
        title={t(`connection.${tile.connection}`)}
      >
        <Wifi size="1.125em" aria-hidden />
        {online && tile.latencyMs !== null ? latencyText(tile.latencyMs) : ''}
      </span>
      {battery !== null && (
        <span
          className={classes.signal}
          data-look={battery <= LOW_BATTERY && !charging}
          title={t(charging ? 'tile.charging' : 'tile.battery')}
        >
          <Battery size="1.125em" aria-hidden />
          {Math.round(battery * 100)}%
        </span>
      )}
      {tile.pending > 0 && (
        <span
          className={classes.signal}
          data-look="true"
          title={t('tile.pending', { count: tile.pending })}
        >
          <IconUpload size="1.125em" aria-hidden />
          {tile.pending}
        </span>
      )}
      {(tile.unsaved ?? 0) > 0 && (
        <span
          className={classes.signal}
          data-look="true"
          title={t('tile.unsaved', { count: tile.unsaved ?? 0 })}
        >
          <IconDatabaseOff size="1.125em" aria-hidden />
          {tile.unsaved}
        </span>
      )}
      {tile.notWatched.length > 0 && (
        <span
          className={classes.signal}
          title={t('tile.notWatched', {
            kinds: tile.notWatched.map((kind) => t(`incidents:${kind}.title`)).join(', '),
          })}
        >
          <IconEyeOff size="1.125em" aria-hidden />
          {tile.notWatched.length}
        </span>
      )}
    </span>
  );
};
