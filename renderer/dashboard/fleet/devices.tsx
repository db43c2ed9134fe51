import { Button, Loader, TextInput } from '@mantine/core';
import { IconKey, IconRefresh, IconSearch, IconShieldCheck } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { BackButton } from '#renderer/dashboard/shell/back-button.tsx';
import { goTo } from '#renderer/dashboard/shell/navigation.ts';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import type { Route } from '#renderer/dashboard/shell/routes.ts';
import { ServerTime } from '#renderer/dashboard/shell/server-time.tsx';
import { useApi, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { TopBar } from '#renderer/dashboard/shell/top-bar.tsx';
import { useAnswer } from '#renderer/dashboard/shell/use-answer.ts';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { DevicesResponse } from '#shared/wire/devices.ts';
import { createFleetApi } from './api.ts';
import { BuildsDialog } from './builds-dialog.tsx';
import { CodesDialog } from './codes-dialog.tsx';
import { DeviceDialog } from './device-dialog.tsx';
import {
  DEVICE_FILTERS,
  type DeviceFilter,
  isIn,
  matchesDevice,
  sortDevices,
} from './device-list.ts';
import { DeviceTable } from './device-table.tsx';
import classes from './devices.module.css';

/** The table of devices, and what is open over it. */
type FleetRoute = Extract<Route, { name: 'devices' | 'codes' | 'builds' | 'device' }>;

/** The fleet: what each device is, how it stands, and what technology staff does with it. */
export const DevicesScreen = ({ route }: { route: FleetRoute }) => {
  const { t } = useTranslation('fleet');
  const fleet = useApi(createFleetApi);
  const asked = useAnswer<DevicesResponse>(fleet.list);
  const { value } = asked;

  const close = (): void => goTo('devices', {});
  /** Gives the focus back to the row, wherever the dialog left it. */
  const closeDevice = (id: string): void => {
    flushSync(close);
    document.querySelector<HTMLElement>(`[data-device="${CSS.escape(id)}"]`)?.focus();
  };
  return (
    <div className={classes.page}>
      <TopBar
        title={t('title')}
        page={
          route.name === 'codes' || route.name === 'builds' ? t(`${route.name}.title`) : t('title')
        }
        before={<BackButton />}
      >
        <ServerTime />
      </TopBar>
      <main className={classes.main} aria-busy={asked.busy}>
        {value === null ? (
          asked.problem === null ? (
            <Loader aria-label={t('loading')} className={classes.loader ?? ''} />
          ) : (
            <div className={classes.empty}>
              <h2>{t('failed')}</h2>
              <ProblemNote problem={asked.problem} />
              <Button onClick={() => void asked.load()}>{t('refresh')}</Button>
            </div>
          )
        ) : (
          <Fleet list={value} at={asked.at} problem={asked.problem} onRefresh={asked.load} />
        )}
      </main>
      {route.name === 'device' && (
        <DeviceDialog
          id={route.params.deviceId}
          onClose={() => closeDevice(route.params.deviceId)}
          onChanged={() => void asked.load()}
        />
      )}
      {route.name === 'codes' && value !== null && (
        <CodesDialog
          rooms={value.rooms}
          openCodes={value.openCodes}
          onClose={close}
          onChanged={() => void asked.load()}
        />
      )}
      {route.name === 'builds' && (
        <BuildsDialog onClose={close} onChanged={() => void asked.load()} />
      )}
    </div>
  );
};

const Fleet = ({
  list,
  at,
  problem,
  onRefresh,
}: {
  list: DevicesResponse;
  at: number | null;
  problem: Parameters<typeof ProblemNote>[0]['problem'];
  onRefresh: () => Promise<void>;
}) => {
  const { t } = useTranslation('fleet');
  const locale = useLocale();
  const [filter, setFilter] = useState<DeviceFilter>('all');
  const [search, setSearch] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const shown = sortDevices(
    list.devices.filter((device) => isIn(device, filter) && matchesDevice(device, search)),
  );
  const unchecked = list.devices.some(({ passport }) => passport?.buildState === 'not-checked');
  return (
    <>
      <section className={classes.tools} aria-label={t('toolbar')}>
        <fieldset className={classes.filters}>
          <legend className="visually-hidden">{t('filters')}</legend>
          {DEVICE_FILTERS.map((one) => {
            const count = list.devices.filter((device) => isIn(device, one)).length;
            return (
              <button
                key={one}
                type="button"
                className={classes.filter}
                data-look={count > 0 && (one === 'blocked' || one === 'not-allowed')}
                aria-pressed={filter === one}
                onClick={() => setFilter(one)}
              >
                <span className={classes.count}>{count}</span> {t(`filter.${one}`)}
              </button>
            );
          })}
        </fieldset>
        <TextInput
          ref={field}
          type="search"
          className={classes.search ?? ''}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          aria-label={t('search')}
          placeholder={t('searchShort')}
          leftSection={<IconSearch size="1rem" aria-hidden />}
        />
        <div className={classes.actions}>
          <Button
            leftSection={<IconKey size="1.125rem" aria-hidden />}
            onClick={() => goTo('codes', {})}
          >
            {t('codes.open')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconShieldCheck size="1.125rem" aria-hidden />}
            onClick={() => goTo('builds', {})}
          >
            {t('builds.open')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconRefresh size="1.125rem" aria-hidden />}
            onClick={() => void onRefresh()}
          >
            {t('refresh')}
          </Button>
        </div>
      </section>
      <div className={classes.notes}>
        {at !== null && <span>{t('asOf', { time: formatClock(at, locale, true) })}</span>}
        {unchecked && <span>{t('notChecked')}</span>}
        <ProblemNote problem={problem} />
      </div>
      {list.devices.length === 0 ? (
        <p className={classes.none}>{t('none')}</p>
      ) : shown.length === 0 ? (
        <p className={classes.none}>{t('noMatch')}</p>
      ) : (
        <DeviceTable devices={shown} onOpen={(deviceId) => goTo('device', { deviceId })} />
      )}
    </>
  );
};
