import { Button } from '@mantine/core';
import { IconPhotoOff, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createAttemptApi } from '#renderer/dashboard/attempt/api.ts';
import { Still } from '#renderer/dashboard/attempt/evidence.tsx';
import { useApi, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatDate } from '#renderer/ui/time-format.ts';
import type { Evidence } from '#shared/incident/incident.ts';
import type { AttemptIdentity } from '#shared/wire/attempt-identity.ts';
import type { Tile } from '#shared/wire/dashboard.ts';
import classes from './identity-review.module.css';

const Missing = ({ words }: { words: string }) => (
  <span className={classes.missing}>
    <IconPhotoOff size="1.25rem" aria-hidden />
    {words}
  </span>
);

const Place = ({ name, children }: { name: string; children: ReactNode }) => (
  <figure className={classes.place}>
    <figcaption>{name}</figcaption>
    {children}
  </figure>
);

/** The picture from now beside those of the enrolment. None is asked for before the person wants them: each look is on record. */
export const ComparePictures = ({
  tile,
  identity,
  live,
}: {
  tile: Tile;
  identity: AttemptIdentity;
  live: readonly Evidence[];
}) => {
  const { t } = useTranslation('dashboard');
  const api = useApi(createAttemptApi);
  const locale = useLocale();
  const [shown, setShown] = useState(false);
  const [large, setLarge] = useState(false);
  const [index, setIndex] = useState(0);
  const { enrolled } = identity;
  const still = live[index % Math.max(1, live.length)];
  const { name } = tile.examinee;

  if (!shown) {
    return (
      <div className={classes.closed}>
        <p>{t('identity.pictures.hidden')}</p>
        <Button variant="default" onClick={() => setShown(true)}>
          {t('identity.pictures.show')}
        </Button>
      </div>
    );
  }
  const enrolment = (what: 'portrait' | 'document') => (
    <img
      className={classes.picture}
      src={api.identityUrl(tile.attemptId, what)}
      alt={t(`identity.pictures.${what}Alt`, { name })}
      decoding="async"
    />
  );
  return (
    <div data-large={large} className={classes.compare}>
      <div className={classes.places}>
        <Place name={t('identity.pictures.live')}>
          {still === undefined ? (
            <Missing words={t('identity.pictures.noLive')} />
          ) : (
            <Still
              key={still.hash}
              attemptId={tile.attemptId}
              hash={still.hash}
              alt={t('identity.pictures.liveAlt', { name })}
              className={classes.picture}
            />
          )}
        </Place>
        <Place name={t('identity.pictures.portrait')}>
          {enrolled?.portrait === true ? (
            enrolment('portrait')
          ) : (
            <Missing words={t('identity.pictures.noPortrait')} />
          )}
        </Place>
        <Place
          name={t(
            enrolled?.document == null
              ? 'identity.pictures.noDocument'
              : `identity.pictures.document.${enrolled.document}`,
          )}
        >
          {enrolled?.document == null ? (
            <Missing words={t('identity.pictures.noDocument')} />
          ) : (
            enrolment('document')
          )}
        </Place>
      </div>
      <div className={classes.tools}>
        <Button
          size="xs"
          variant="default"
          aria-pressed={large}
          leftSection={
            large ? <IconZoomOut size="1rem" aria-hidden /> : <IconZoomIn size="1rem" aria-hidden />
          }
          onClick={() => setLarge(!large)}
        >
          {t(large ? 'identity.pictures.reduce' : 'identity.pictures.enlarge')}
        </Button>
        {live.length > 1 && (
          <Button size="xs" variant="default" onClick={() => setIndex((now) => now + 1)}>
            {t('identity.pictures.next', {
              number: (index % live.length) + 1,
              total: live.length,
            })}
          </Button>
        )}
        {enrolled !== null && (
          <span className={classes.dim}>
            {t('identity.pictures.registered', { date: formatDate(enrolled.at, locale) })}
          </span>
        )}
      </div>
      {enrolled?.documentQr != null && (
        <div className={classes.qr}>
          <strong>{t('identity.qr.title')}</strong>
          <code>{enrolled.documentQr}</code>
          <span className={classes.dim}>{t('identity.qr.hint')}</span>
        </div>
      )}
    </div>
  );
};
