import { Button } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoom } from '#renderer/dashboard/live/live-context.ts';
import type { Place } from '#renderer/dashboard/shell/routes.ts';
import { useApp, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { IncidentView } from '#shared/wire/dashboard.ts';
import { roleHas } from '#shared/wire/roles.ts';
import type { RoomEventView } from '#shared/wire/room-event-view.ts';
import { EventDialog } from './event-dialog.tsx';
import classes from './event-item.module.css';
import { eventAttempts, eventWeight } from './event-sum.ts';

/** What happened to several seats at once: one item, its seats one by one. */
export const EventItem = ({
  place,
  event,
  incidents,
  onOpen,
  show,
}: {
  place: Place;
  event: RoomEventView;
  /** Those of its seats, newest first. */
  incidents: readonly IncidentView[];
  onOpen: (attemptId: string) => void;
  show: (incident: IncidentView) => ReactNode;
}) => {
  const { t } = useTranslation(['dashboard', 'incidents']);
  const locale = useLocale();
  const tiles = useRoom((s) => s.tiles);
  const commands = useRoom((s) => s.commands);
  const mayCommand = useApp((s) => s.me !== null && roleHas(s.me.role, 'command'));
  const [deciding, setDeciding] = useState(false);
  const [open, setOpen] = useState(false);
  const attempts = useMemo(
    () => eventAttempts(event, { tiles, commands }),
    [event, tiles, commands],
  );
  const standing = attempts.filter(({ state }) => state === 'stands');
  const waiting = attempts.filter(({ state }) => state === 'waiting').length;
  const closed = new Set(
    standing
      .filter(({ tile }) => tile?.closedBy === 'copy-attempts')
      .map(({ attemptId }) => attemptId),
  ).size;
  const what = t([`incidents:${event.kind}.staff`, 'incidents:unknown.staff'], {
    kind: event.kind,
  });
  return (
    <li className={classes.item} data-room-event={event.kind} data-weight={eventWeight(event)}>
      <div className={classes.head}>
        <span className={classes.title}>
          <IconUsersGroup size="1rem" stroke={2.25} aria-hidden />
          {t('roomEvent.title')}
        </span>
        <time className={classes.time} dateTime={new Date(event.startedAt).toISOString()}>
          {formatClock(event.startedAt, locale, true)}
        </time>
      </div>
      <p className={classes.what}>
        <strong>{t('roomEvent.seats', { count: event.seats })}</strong>{' '}
        <span className={classes.of}>{t('roomEvent.of', { count: event.present })}</span>
        {': '}
        {what}
      </p>
      <ul className={classes.seats}>
        {event.members.map(({ attemptId }) => {
          const tile = tiles[attemptId];
          return (
            <li key={attemptId}>
              <button
                type="button"
                className={classes.seat}
                title={tile?.examinee.name}
                onClick={() => onOpen(attemptId)}
              >
                <span className="visually-hidden">{t('seat')} </span>
                {tile?.seat ?? '?'}
                <span className="visually-hidden"> {tile?.examinee.name}</span>
              </button>
            </li>
          );
        })}
      </ul>
      <p className={classes.sum} data-look={standing.length > 0}>
        {[
          ...(standing.length > 0 ? [t('roomEvent.standing', { count: standing.length })] : []),
          ...(closed > 0 ? [t('roomEvent.closed', { count: closed })] : []),
          ...(waiting > 0 ? [t('roomEvent.waiting', { count: waiting })] : []),
          ...(attempts.length === 0 ? [t('roomEvent.nothing')] : []),
          ...(attempts.length > 0 && standing.length + waiting === 0
            ? [t('roomEvent.settled')]
            : []),
        ].join(' · ')}
      </p>
      <div className={classes.buttons}>
        {standing.length > 0 && mayCommand && (
          <Button size="xs" onClick={() => setDeciding(true)}>
            {t('roomEvent.open')}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          aria-expanded={open}
          onClick={() => setOpen((now) => !now)}
        >
          {t(open ? 'roomEvent.hide' : 'roomEvent.show')}
        </Button>
      </div>
      {open && <ol className={classes.each}>{incidents.map(show)}</ol>}
      {deciding && (
        <EventDialog
          place={place}
          event={event}
          what={what}
          attempts={attempts}
          onClose={() => setDeciding(false)}
        />
      )}
    </li>
  );
};
