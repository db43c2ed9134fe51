import { useTranslation } from 'react-i18next';
import { ageText } from '#renderer/dashboard/shell/age.ts';
import { useClock, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { formatDayAndClock } from '#renderer/ui/time-format.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { DeviceRow } from '#shared/wire/devices.ts';
import { BuildMark, DeviceState } from './device-words.tsx';
import classes from './devices.module.css';

const DAY_MS = 24 * 60 * MINUTE;
const COLUMNS = ['name', 'room', 'seen', 'version', 'coverage', 'warnings', 'state'] as const;

export const DeviceTable = ({
  devices,
  onOpen,
}: {
  devices: readonly DeviceRow[];
  onOpen: (id: string) => void;
}) => {
  const { t } = useTranslation('fleet');
  return (
    <div className={classes.frame}>
      <table className={classes.table}>
        <caption className="visually-hidden">{t('caption')}</caption>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col" data-column={column}>
                {t(`column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {devices.map((device) => (
            <Guarded key={device.id} shape="row" version={device} columns={COLUMNS.length}>
              <Row device={device} onOpen={onOpen} />
            </Guarded>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const Row = ({ device, onOpen }: { device: DeviceRow; onOpen: (id: string) => void }) => {
  const { t } = useTranslation('fleet');
  const { t: words } = useTranslation('dashboard');
  const locale = useLocale();
  const { passport, room, lastSeenAt, revoked } = device;
  const seen = useClock((now) => {
    if (lastSeenAt === null) return t('never');
    return now - lastSeenAt < DAY_MS
      ? ageText(words, lastSeenAt, now)
      : formatDayAndClock(lastSeenAt, locale);
  });
  return (
    <tr data-revoked={revoked !== null}>
      <th scope="row" data-column="name">
        <button
          type="button"
          className={classes.name}
          data-device={device.id}
          onClick={() => onOpen(device.id)}
        >
          {device.name}
        </button>
        <span className={classes.dim}>{passport?.model ?? ''}</span>
      </th>
      <td>
        {room?.name ?? t('noRoom')}
        {device.inUse && <span className={classes.inUse}>{t('inUse')}</span>}
      </td>
      <td>{seen}</td>
      <td>
        {passport?.version ?? '—'}
        <BuildMark device={device} />
      </td>
      <td>
        {passport === null
          ? '—'
          : t('coverage', {
              enforced: passport.enforced,
              detected: passport.detected,
              notWatched: passport.notWatched,
            })}
      </td>
      <td>{passport === null ? '—' : passport.warnings}</td>
      <td>
        <DeviceState device={device} />
      </td>
    </tr>
  );
};
