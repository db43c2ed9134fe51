import { IconPlugOff, IconRotate360 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ATTENTION_ICON, CLASS_ICON } from '#renderer/dashboard/live/icons.ts';
import { type Attention, classOf } from '#renderer/dashboard/live/tile-state.ts';
import { ageText } from '#renderer/dashboard/shell/age.ts';
import { useClock } from '#renderer/dashboard/shell/shell-context.tsx';
import type { Tile } from '#shared/wire/dashboard.ts';
import classes from './tile-signs.module.css';

/** These are said in words even when there is an incident to tell. */
const BEFORE_INCIDENTS: readonly Attention[] = [
  'chain-broken',
  'chain-contradicted',
  'chain-gap',
  'chain-full',
  'objection',
  'identity',
  'identity-refused',
  'offline',
  'gate-press',
  'gate-picture',
];

/** These last the whole exam: an incident is news and comes first. */
const WITHOUT_INCIDENT: readonly Attention[] = ['released', 'build'];

/** The one line of a tile that says what happened last, and how long ago. */
export const TileNote = ({ tile, attention }: { tile: Tile; attention: readonly Attention[] }) => {
  const { t } = useTranslation(['dashboard', 'incidents']);
  const incident = tile.lastIncident;
  const said = incident === null ? [...BEFORE_INCIDENTS, ...WITHOUT_INCIDENT] : BEFORE_INCIDENTS;
  const first = attention.find((reason) => said.includes(reason));
  const since = first === 'offline' ? tile.connectionSince : first ? null : incident?.startedAt;
  const age = useClock((now) => (since == null ? '' : ageText(t, since, now)));
  if (first !== undefined) {
    const Icon = ATTENTION_ICON[first];
    return (
      <span className={classes.note} data-weight="look">
        <Icon size="1.125em" stroke={2.25} aria-hidden />
        <span className="at-truncate">{t(`attentionShort.${first}`)}</span>
        <span className={classes.age}>{age}</span>
      </span>
    );
  }
  if (tile.ended !== undefined && tile.carriedOn !== true) {
    return (
      <span className={classes.note} data-weight="plain">
        <IconPlugOff size="1.125em" stroke={2.25} aria-hidden />
        <span className="at-truncate">{t('attentionShort.gone')}</span>
      </span>
    );
  }
  if (tile.roomScan) {
    return (
      <span className={classes.note} data-weight="plain">
        <IconRotate360 size="1.125em" stroke={2.25} aria-hidden />
        <span className="at-truncate">{t('attentionShort.room-scan')}</span>
      </span>
    );
  }
  if (incident === null) return <span className={classes.note} />;
  const weight = classOf(incident);
  const Icon = CLASS_ICON[weight];
  return (
    <span className={classes.note} data-weight={weight}>
      <Icon size="1.125em" stroke={2.25} aria-hidden />
      <span className="at-truncate">{t([`kindShort.${incident.kind}`, 'kindShort.unknown'])}</span>
      <span className={classes.age}>{age}</span>
    </span>
  );
};
