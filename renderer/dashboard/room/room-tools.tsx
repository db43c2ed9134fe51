import { SegmentedControl, TextInput } from '@mantine/core';
import {
  IconAlertTriangle,
  IconLayoutGrid,
  IconList,
  IconLock,
  IconPencil,
  IconPlayerPause,
  IconSearch,
  IconUsers,
  IconWifiOff,
} from '@tabler/icons-react';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useDerived } from '#renderer/dashboard/live/live-context.ts';
import { TOTAL_KEYS, type TotalKey } from '#renderer/dashboard/live/tile-state.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import { type Filter, totalsKey } from './room-filter.ts';
import classes from './room-tools.module.css';
import { ShiftLeft } from './shift-left.tsx';

const TOTAL_ICON: Readonly<Record<TotalKey, typeof IconLock>> = {
  present: IconUsers,
  'in-progress': IconPencil,
  paused: IconPlayerPause,
  closed: IconLock,
  offline: IconWifiOff,
  attention: IconAlertTriangle,
};

export type RoomView = 'plan' | 'list';

/** The room in numbers, each of them also a filter; search; plan or list. */
export const RoomTools = ({
  filter,
  onFilter,
  view,
  onView,
  search,
  session,
}: {
  filter: Filter;
  onFilter: (filter: Filter) => void;
  view: RoomView;
  onView: (view: RoomView) => void;
  search: RefObject<HTMLInputElement | null>;
  session: { readonly startsAt: EpochMs; readonly endsAt: EpochMs };
}) => {
  const { t } = useTranslation('dashboard');
  const counts = useDerived(totalsKey).split(' ');
  const expected = counts.at(-1) ?? '0';
  return (
    <section className={classes.tools} aria-label={t('tools')}>
      <fieldset className={classes.totals}>
        <legend className="visually-hidden">{t('totals.label')}</legend>
        {TOTAL_KEYS.map((key, index) => {
          const Icon = TOTAL_ICON[key];
          const count = counts[index] ?? '0';
          const pressed = filter.total === key;
          return (
            <button
              key={key}
              type="button"
              className={classes.total}
              data-total={key}
              data-look={(key === 'attention' || key === 'offline') && count !== '0'}
              aria-pressed={pressed}
              onClick={() => onFilter({ ...filter, total: pressed ? null : key })}
            >
              <Icon size="1.125rem" aria-hidden />
              <span className={classes.count}>
                {key === 'present' ? `${count}/${expected}` : count}
              </span>
              <span>{t(`totals.${key}`)}</span>
            </button>
          );
        })}
      </fieldset>
      <ShiftLeft startsAt={session.startsAt} endsAt={session.endsAt} place="tools" />
      <TextInput
        ref={search}
        className={classes.search ?? ''}
        type="search"
        size="sm"
        value={filter.search}
        onChange={(event) => onFilter({ ...filter, search: event.currentTarget.value })}
        aria-label={t('search.label')}
        placeholder={t('search.placeholder')}
        aria-keyshortcuts="/"
        leftSection={<IconSearch size="1rem" aria-hidden />}
        rightSection={<kbd className={classes.key}>/</kbd>}
      />
      <SegmentedControl
        size="xs"
        aria-label={t('view.label')}
        value={view}
        onChange={(value) => onView(value === 'list' ? 'list' : 'plan')}
        data={[
          {
            value: 'plan',
            label: (
              <span className={classes.view}>
                <IconLayoutGrid size="1rem" aria-hidden />
                {t('view.plan')}
              </span>
            ),
          },
          {
            value: 'list',
            label: (
              <span className={classes.view}>
                <IconList size="1rem" aria-hidden />
                {t('view.list')}
              </span>
            ),
          },
        ]}
      />
    </section>
  );
};
