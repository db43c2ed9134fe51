import { SegmentedControl } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IncidentBody } from '#renderer/dashboard/attempt/incident-body.tsx';
import { useRoom } from '#renderer/dashboard/live/live-context.ts';
import { incidentKey } from '#renderer/dashboard/live/room-store.ts';
import { classOf } from '#renderer/dashboard/live/tile-state.ts';
import type { Place } from '#renderer/dashboard/shell/routes.ts';
import { Guarded } from '#renderer/ui/guarded.tsx';
import type { IncidentView } from '#shared/wire/dashboard.ts';
import type { RoomEventView } from '#shared/wire/room-event-view.ts';
import { EventItem } from './event-item.tsx';
import { eventWeight } from './event-sum.ts';
import classes from './feed.module.css';

const GROUPS = ['all', 'counted', 'review', 'technical'] as const;
type Group = (typeof GROUPS)[number];

/** More are in each examinee's panel; the page stays light. */
const SHOWN = 120;

const isIn = (incident: IncidentView, group: Group): boolean => {
  if (group === 'all') return true;
  const weight = classOf(incident);
  if (group === 'counted')
    return weight === 'counted' || weight === 'same-act' || weight === 'dismissed';
  return weight === group;
};

type Listed =
  | { readonly event: RoomEventView; readonly at: number; readonly of: readonly IncidentView[] }
  | { readonly incident: IncidentView; readonly at: number };

/** What belongs to an event of the room stands with it and nowhere else. */
const listed = (
  incidents: readonly IncidentView[],
  events: readonly RoomEventView[],
): readonly Listed[] => {
  const eventOf = new Map(
    events.flatMap((event) =>
      event.members.flatMap(({ attemptId, incidents: ids }) =>
        ids.map((id) => [incidentKey({ attemptId, id }), event.id] as const),
      ),
    ),
  );
  const byEvent = Map.groupBy(incidents, (incident) => eventOf.get(incidentKey(incident)));
  return [
    ...events.map((event) => ({ event, at: event.startedAt, of: byEvent.get(event.id) ?? [] })),
    ...(byEvent.get(undefined) ?? []).map((incident) => ({ incident, at: incident.startedAt })),
  ].sort((a, b) => b.at - a.at);
};

/** What happens in the room, newest first. */
export const Feed = ({
  place,
  hidden,
  onOpen,
}: {
  place: Place;
  hidden: boolean;
  onOpen: (id: string) => void;
}) => {
  const { t } = useTranslation('dashboard');
  const incidents = useRoom((s) => s.incidents);
  const known = useRoom((s) => s.known);
  const [group, setGroup] = useState<Group>('all');
  const events = useRoom((s) => s.roomEvents);
  const shown = useMemo(
    () =>
      listed(incidents, events)
        .filter((item) =>
          'event' in item
            ? group === 'all' || eventWeight(item.event) === group
            : isIn(item.incident, group),
        )
        .slice(0, SHOWN),
    [incidents, events, group],
  );
  const each = (incident: IncidentView) => (
    <GuardedItem key={incidentKey(incident)} incident={incident} onOpen={onOpen} />
  );
  return (
    <section className={classes.feed} aria-labelledby="feed-title" hidden={hidden}>
      <div className={classes.head}>
        <h2 id="feed-title" className={classes.title}>
          {t('feed.title')}
        </h2>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t('feed.filter')}
          value={group}
          onChange={(value) => setGroup(GROUPS.find((g) => g === value) ?? 'all')}
          data={GROUPS.map((value) => ({ value, label: t(`feed.${value}`) }))}
        />
      </div>
      {shown.length === 0 ? (
        <p className={classes.empty}>
          {known ? t(group === 'all' ? 'feed.none' : 'feed.noneOfThese') : t('common:loading')}
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <ol className={classes.list} tabIndex={0} aria-label={t('feed.title')}>
          {shown.map((item) =>
            'event' in item ? (
              <Guarded key={item.event.id} shape="line" version={item.event}>
                <EventItem
                  place={place}
                  event={item.event}
                  incidents={item.of}
                  onOpen={onOpen}
                  show={each}
                />
              </Guarded>
            ) : (
              each(item.incident)
            ),
          )}
        </ol>
      )}
    </section>
  );
};

const GuardedItem = (item: { incident: IncidentView; onOpen: (id: string) => void }) => {
  const { incident } = item;
  const tile = useRoom((s) => s.tiles[incident.attemptId]);
  const version = useMemo(() => ({ incident, tile }), [incident, tile]);
  return (
    <Guarded shape="line" of={tile?.seat} version={version}>
      <FeedItem {...item} />
    </Guarded>
  );
};

const FeedItem = memo(function FeedItem({
  incident,
  onOpen,
}: {
  incident: IncidentView;
  onOpen: (id: string) => void;
}) {
  const { t } = useTranslation('dashboard');
  const name = useRoom((s) => s.tiles[incident.attemptId]?.examinee.name ?? '');
  const seat = useRoom((s) => s.tiles[incident.attemptId]?.seat ?? '');
  return (
    <li
      className={classes.item}
      data-incident-id={incident.id}
      data-incident-attempt={incident.attemptId}
      data-weight={classOf(incident)}
    >
      <button
        type="button"
        className={classes.who}
        title={t('feed.open')}
        onClick={() => onOpen(incident.attemptId)}
      >
        <span className={classes.seat}>
          <span className="visually-hidden">{t('seat')} </span>
          {seat}
        </span>{' '}
        <span className="at-truncate">{name}</span>
      </button>
      <IncidentBody incident={incident} who={`${seat} ${name}`} />
    </li>
  );
});
