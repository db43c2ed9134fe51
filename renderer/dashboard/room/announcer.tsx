import type { TFunction } from 'i18next';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '#renderer/dashboard/live/live-context.ts';
import type { RoomState } from '#renderer/dashboard/live/room-store.ts';
import { classOf } from '#renderer/dashboard/live/tile-state.ts';
import type { IncidentView, Tile } from '#shared/wire/dashboard.ts';
import type { RoomEventView } from '#shared/wire/room-event-view.ts';

/** News within this time are read out together, ms: a screen reader drops what is replaced too soon. */
const GATHER_MS = 700;
/** More than these at once are read as a number. */
const READ_OUT = 3;

const sentence = (t: TFunction, room: RoomState, incident: IncidentView): string => {
  const tile = room.tiles[incident.attemptId];
  return t('announce.incident', {
    seat: tile?.seat ?? '',
    name: tile?.examinee.name ?? '',
    weight: t(`class.${classOf(incident)}`, { number: incident.copyAttempt ?? 0 }),
    what: t([`incidents:${incident.kind}.staff`, 'incidents:unknown.staff'], {
      kind: incident.kind,
    }),
  });
};

/** Reads news out. Copy attempts interrupt; the rest waits for a pause. */
export const Announcer = () => {
  const { t } = useTranslation(['dashboard', 'incidents']);
  const live = useLive();
  const [urgent, setUrgent] = useState('');
  const [polite, setPolite] = useState('');
  useEffect(() => {
    let waiting: IncidentView[] = [];
    let undecided: Tile[] = [];
    let ofRoom: readonly RoomEventView[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    const words = (list: readonly IncidentView[]): string =>
      list.length > READ_OUT
        ? t('announce.many', { count: list.length })
        : list.map((incident) => sentence(t, live.store.getState(), incident)).join(' ');
    const read = () => {
      timer = null;
      const counted = waiting.filter((incident) => classOf(incident) === 'counted');
      const rest = waiting.filter((incident) => classOf(incident) !== 'counted');
      const people = undecided;
      const events = ofRoom;
      waiting = [];
      undecided = [];
      ofRoom = [];
      if (counted.length > 0) setUrgent(words(counted));
      const said = [
        ...events.map(({ kind, seats }) =>
          t('announce.roomEvent', {
            what: t([`incidents:${kind}.staff`, 'incidents:unknown.staff'], { kind }),
            count: seats,
          }),
        ),
        ...(rest.length > 0 ? [words(rest)] : []),
        ...people.map(({ seat, examinee }) =>
          t('announce.identity', { seat, name: examinee.name }),
        ),
      ];
      if (said.length > 0) setPolite(said.join(' '));
    };
    const stop = live.onNews((news, toDecide) => {
      waiting.push(...news);
      undecided.push(...toDecide);
      timer ??= setTimeout(read, GATHER_MS);
    });
    const stopEvents = live.store.subscribe((room, before) => {
      if (!before.known || room.roomEvents === before.roomEvents) return;
      const known = new Set(before.roomEvents.map(({ id }) => id));
      const fresh = room.roomEvents.filter(({ id }) => !known.has(id));
      if (fresh.length === 0) return;
      ofRoom = [...ofRoom, ...fresh];
      timer ??= setTimeout(read, GATHER_MS);
    });
    return () => {
      stop();
      stopEvents();
      if (timer !== null) clearTimeout(timer);
    };
  }, [live, t]);
  return (
    <>
      <div className="visually-hidden" role="alert" data-announce="urgent">
        {urgent}
      </div>
      <div className="visually-hidden" role="status" data-announce="polite">
        {polite}
      </div>
    </>
  );
};
