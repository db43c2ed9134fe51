import { ActionIcon, Button, Loader, TextInput, Tooltip } from '@mantine/core';
import {
  IconArrowLeft,
  IconKey,
  IconRefresh,
  IconSearch,
  IconShieldCheck,
} from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp, useDashboard, useLocale } from '#renderer/dashboard/shell/dashboard-context.tsx';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import { mayKeepDevices } from '#renderer/dashboard/shell/rights.ts';
import { ServerTime } from '#renderer/dashboard/shell/server-time.tsx';
import { TopBar } from '#renderer/dashboard/shell/top-bar.tsx';
import { useAnswer } from '#renderer/dashboard/shell/use-answer.ts';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { DevicesResponse } from '#shared/wire/devices.ts';
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

type Open =
  | { readonly what: 'codes' | 'builds' }
  | { readonly what: 'device'; readonly id: string };

/** The fleet: what each device is, how it stands, and what technology staff does with it. */
export const DevicesScreen = () => {
  const { t } = useTranslation('devices');
  const dashboard = useDashboard();
  const me = useApp((s) => s.me);
  const asked = useAnswer<DevicesResponse>(dashboard.devices.list);
  const [open, setOpen] = useState<Open | null>(null);
  const { value } = asked;
  if (me === null || !mayKeepDevices(me.role)) return null;

  /** Gives the focus back to the row, wherever the dialog left it. */
  const closeDevice = (id: string): void => {
    setOpen(null);
    document.querySelector<HTMLElement>(`[data-device="${CSS.escape(id)}"]`)?.focus();
  };
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
          <Fleet
            list={value}
            at={asked.at}
            problem={asked.problem}
            onRefresh={asked.load}
            onOpen={setOpen}
          />
        )}
      </main>
      {open?.what === 'device' && (
        <DeviceDialog
          id={open.id}
          onClose={() => closeDevice(open.id)}
          onChanged={() => void asked.load()}
        />
      )}
      {open?.what === 'codes' && value !== null && (
        <CodesDialog
          rooms={value.rooms}
          openCodes={value.openCodes}
          onClose={() => setOpen(null)}
          onChanged={() => void asked.load()}
        />
      )}
      {open?.what === 'builds' && (
        <BuildsDialog onClose={() => setOpen(null)} onChanged={() => void asked.load()} />
      )}
    </div>
  );
};

const Fleet = ({
  list,
  at,
  problem,
  onRefresh,
  onOpen,
}: {
  list: DevicesResponse;
  at: number | null;
  problem: Parameters<typeof ProblemNote>[0]['problem'];
  onRefresh: () => Promise<void>;
  onOpen: (what: Open) => void;
}) => {
  const { t } = useTranslation('devices');
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
            onClick={() => onOpen({ what: 'codes' })}
          >
            {t('codes.open')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconShieldCheck size="1.125rem" aria-hidden />}
            onClick={() => onOpen({ what: 'builds' })}
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
        <DeviceTable devices={shown} onOpen={(id) => onOpen({ what: 'device', id })} />
      )}
    </>
  );
};
