import { Button } from '@mantine/core';
import { IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { AttemptIdentity } from '#shared/wire/attempt-identity.ts';
import type { AttemptDetail, Tile } from '#shared/wire/dashboard.ts';
import { wallAt } from './attempt-detail.ts';
import { StillStrip } from './evidence.tsx';
import classes from './panel-incidents.module.css';

type RoomScan = AttemptIdentity['roomScans'][number];

const Scan = ({ tile, detail, scan }: { tile: Tile; detail: AttemptDetail; scan: RoomScan }) => {
  const { t } = useTranslation('dashboard');
  const locale = useLocale();
  const [shown, setShown] = useState(false);
  const { evidence } = scan;
  const who = `${tile.seat} ${tile.examinee.name}`;
  return (
    <li className={classes.item} data-room-scan={scan.outcome}>
      <div className={classes.scanHead}>
        <span>{t(`roomScans.outcome.${scan.outcome}`)}</span>
        <time>{formatClock(wallAt(detail, scan.t), locale, true)}</time>
      </div>
      {evidence.length > 0 && !shown && (
        <>
          <Button
            size="xs"
            mt="0.375rem"
            variant="default"
            leftSection={<IconPhoto size="1rem" aria-hidden />}
            onClick={() => setShown(true)}
          >
            {t('roomScans.show', { count: evidence.length })}
          </Button>
          <p className={classes.facts}>{t('roomScans.hint')}</p>
        </>
      )}
      {shown && (
        <StillStrip
          attemptId={tile.attemptId}
          evidence={evidence}
          at={(still) => wallAt(detail, still.t)}
          altOf={(time) => t('roomScans.alt', { who, time })}
          title={`${who} · ${t('roomScans.title')}`}
        />
      )}
    </li>
  );
};

/** The views of the room that were asked for (Art. 26f), newest first; their pictures only on demand. */
export const PanelRoomScans = ({ tile, detail }: { tile: Tile; detail: AttemptDetail }) => {
  const { t } = useTranslation('dashboard');
  const { roomScans } = detail.identity;
  if (roomScans.length === 0 && !tile.roomScan) return null;
  return (
    <section aria-labelledby="panel-room-scans">
      <h3 id="panel-room-scans" className={classes.title}>
        {t('roomScans.title')}
      </h3>
      {tile.roomScan && <p className={classes.none}>{t('roomScans.waiting')}</p>}
      <ol className={classes.list}>
        {roomScans.toReversed().map((scan) => (
          <Guarded key={scan.t} shape="line" version={scan}>
            <Scan tile={tile} detail={detail} scan={scan} />
          </Guarded>
        ))}
      </ol>
    </section>
  );
};
