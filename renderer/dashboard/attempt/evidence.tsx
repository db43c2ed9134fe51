import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconPhotoOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { useApi, useApp, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { Evidence } from '#shared/incident/incident.ts';
import type { EpochMs } from '#shared/kernel/time.ts';
import type { IncidentView } from '#shared/wire/dashboard.ts';
import { roleHas } from '#shared/wire/roles.ts';
import { createAttemptApi } from './api.ts';
import classes from './evidence.module.css';
import { ReportCopy } from './report-copy.tsx';

/** A still follows its incident over the network: it is asked for again this often until it is there, ms. */
const AGAIN_MS = 3_000;
const TRIES = 10;

/** A still of the server; says so while it has not arrived. */
export const Still = ({
  attemptId,
  hash,
  alt,
  className,
}: {
  attemptId: string;
  hash: string;
  alt: string;
  className: string | undefined;
}) => {
  const { t } = useTranslation('dashboard');
  const api = useApi(createAttemptApi);
  const [tries, setTries] = useState(0);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    if (!missing || tries >= TRIES) return undefined;
    const timer = setTimeout(() => {
      setTries((n) => n + 1);
      setMissing(false);
    }, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [missing, tries]);
  if (missing) {
    return (
      <span className={`${className ?? ''} ${classes.missing}`}>
        <IconPhotoOff size="1rem" aria-hidden />
        <span>{t(tries >= TRIES ? 'evidence.missing' : 'evidence.coming')}</span>
      </span>
    );
  }
  const url = api.evidenceUrl(attemptId, hash);
  return (
    <img
      className={className}
      src={tries === 0 ? url : `${url}?again=${tries}`}
      alt={alt}
      loading="lazy"
      decoding="async"
      onError={() => setMissing(true)}
    />
  );
};

/** Stills side by side, small; each opens large. */
export const StillStrip = ({
  attemptId,
  evidence,
  at,
  altOf,
  title,
}: {
  attemptId: string;
  evidence: readonly Evidence[];
  /** The server's time of a still. */
  at: (still: Evidence) => EpochMs;
  /** What a picture shows, given its time in words. */
  altOf: (time: string) => string;
  title: string;
}) => {
  const { t } = useTranslation('dashboard');
  const locale = useLocale();
  const [open, setOpen] = useState<number | null>(null);
  const timeOf = (still: Evidence) => formatClock(at(still), locale, true);
  const shown = open === null ? undefined : evidence[open];
  const go = (by: number) =>
    setOpen((now) => (now === null ? null : (now + by + evidence.length) % evidence.length));
  return (
    <>
      <div className={classes.strip}>
        {evidence.map((still, index) => (
          <button
            key={still.hash}
            type="button"
            className={classes.thumb}
            aria-label={t('evidence.open', {
              number: index + 1,
              total: evidence.length,
              what: altOf(timeOf(still)),
            })}
            onClick={() => setOpen(index)}
          >
            <Still attemptId={attemptId} hash={still.hash} alt="" className={classes.small} />
          </button>
        ))}
      </div>
      <Dialog
        opened={shown !== undefined}
        onClose={() => setOpen(null)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowLeft') go(-1);
          if (event.key === 'ArrowRight') go(1);
        }}
        size="60rem"
        title={title}
      >
        {shown !== undefined && open !== null && (
          <figure className={classes.figure}>
            <Still
              key={shown.hash}
              attemptId={attemptId}
              hash={shown.hash}
              alt={altOf(timeOf(shown))}
              className={classes.large}
            />
            <figcaption className={classes.caption}>
              <span>{timeOf(shown)}</span>
              <span className={classes.hash} title={shown.hash}>
                SHA-256 {shown.hash.slice(0, 16)}…
              </span>
              <ReportCopy attemptId={attemptId} still={shown} />
              {evidence.length > 1 && (
                <span className={classes.steps}>
                  <ActionIcon
                    variant="default"
                    aria-label={t('evidence.previous')}
                    onClick={() => go(-1)}
                  >
                    <IconChevronLeft size="1.125rem" />
                  </ActionIcon>
                  {open + 1} / {evidence.length}
                  <ActionIcon
                    variant="default"
                    aria-label={t('evidence.next')}
                    onClick={() => go(1)}
                  >
                    <IconChevronRight size="1.125rem" />
                  </ActionIcon>
                </span>
              )}
            </figcaption>
          </figure>
        )}
      </Dialog>
    </>
  );
};

/** The stills of an incident. */
export const EvidenceStrip = ({
  incident,
  who,
}: {
  incident: IncidentView;
  /** Name and seat, for the picture's description. */
  who: string;
}) => {
  const { t } = useTranslation(['dashboard', 'incidents']);
  const role = useApp((s) => s.me?.role);
  const { evidence, kind } = incident;
  if (evidence.length === 0) return null;
  if (role === undefined || !roleHas(role, 'inspect')) {
    return <p className={classes.notForRole}>{t('evidence.notForRole')}</p>;
  }
  const what = t(`incidents:${kind}.staff`);
  return (
    <StillStrip
      attemptId={incident.attemptId}
      evidence={evidence}
      at={(still) => incident.startedAt + (still.t - incident.startedT)}
      altOf={(time) => t('evidence.alt', { who, what, time })}
      title={`${who} · ${what}`}
    />
  );
};
