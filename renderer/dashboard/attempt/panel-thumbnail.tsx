import { Button } from '@mantine/core';
import { IconVideo, IconVideoOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CAMERA_EXEMPT } from '#renderer/dashboard/live/tile-state.ts';
import { useApi } from '#renderer/dashboard/shell/shell-context.tsx';
import type { Tile } from '#shared/wire/dashboard.ts';
import { createAttemptApi } from './api.ts';
import classes from './panel-thumbnail.module.css';

/** How often a kiosk sends one, ms. */
const EVERY_MS = 10_000;

const Picture = ({ tile }: { tile: Tile }) => {
  const { t } = useTranslation('dashboard');
  const api = useApi(createAttemptApi);
  const [number, setNumber] = useState(0);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    const timer = setInterval(() => {
      setNumber((n) => n + 1);
      setMissing(false);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  if (missing) {
    return (
      <p role="status" className={classes.missing}>
        {t('thumbnail.missing')}
      </p>
    );
  }
  return (
    <figure className={classes.figure}>
      <img
        className={classes.picture}
        src={`${api.thumbnailUrl(tile.attemptId)}?look=${number}`}
        alt={t('thumbnail.alt', { name: tile.examinee.name })}
        onError={() => setMissing(true)}
      />
      <figcaption>{t('thumbnail.hint')}</figcaption>
    </figure>
  );
};

/** A small picture of now and then, where the exam allows it. Only while somebody wants it: looks are on record. */
export const PanelThumbnail = ({ tile }: { tile: Tile }) => {
  const { t } = useTranslation('dashboard');
  const [shown, setShown] = useState(false);
  const away = tile.phase === 'expected' || tile.phase === 'closed';
  if (away || tile.examinee.accommodations.includes(CAMERA_EXEMPT)) return null;
  const Icon = shown ? IconVideoOff : IconVideo;
  return (
    <div>
      <Button
        size="xs"
        variant="default"
        aria-expanded={shown}
        leftSection={<Icon size="1rem" aria-hidden />}
        onClick={() => setShown(!shown)}
      >
        {t(shown ? 'thumbnail.hide' : 'thumbnail.show')}
      </Button>
      {shown && <Picture tile={tile} />}
    </div>
  );
};
