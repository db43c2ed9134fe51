import { Button } from '@mantine/core';
import { IconCloudCheck, IconCloudOff, IconDatabaseOff, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLive, useRoom } from '#renderer/dashboard/live/live-context.ts';
import { useClock, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import classes from './link-state.module.css';

/** Whether what one sees is live: always in the same place, with a word. */
export const LinkMark = () => {
  const { t } = useTranslation('dashboard');
  const kind = useRoom((s) => s.link.kind);
  const Icon =
    kind === 'live' ? IconCloudCheck : kind === 'connecting' ? IconRefresh : IconCloudOff;
  return (
    <span className={classes.mark} data-link={kind}>
      <Icon size="1.125rem" aria-hidden />
      {t(`link.${kind}`)}
    </span>
  );
};

/** Says since when nothing has come, and that what is on screen may be old. */
export const LinkBanner = () => {
  const { t } = useTranslation('dashboard');
  const live = useLive();
  const locale = useLocale();
  const link = useRoom((s) => s.link);
  const retryAt = link.kind === 'lost' ? link.retryAt : null;
  const seconds = useClock((now) =>
    retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - now) / 1_000)),
  );
  return (
    <div role="alert">
      {link.kind === 'lost' && (
        <div className={classes.banner}>
          <IconCloudOff size="1.25rem" aria-hidden />
          <strong className={classes.text}>
            {link.since === null
              ? t('link.neverText')
              : t('link.lostText', { time: formatClock(link.since, locale) })}
          </strong>
          <span className={classes.retry} aria-live="off">
            {link.trying || seconds === 0 ? t('link.trying') : t('link.retryIn', { seconds })}
          </span>
          <Button size="xs" variant="default" disabled={link.trying} onClick={() => live.retry()}>
            {t('link.retryNow')}
          </Button>
        </div>
      )}
    </div>
  );
};

/** The server is there and keeps nothing: who watches knows it before an order is refused. Ends by itself. */
export const StorageBanner = () => {
  const { t } = useTranslation('dashboard');
  const failed = useRoom((s) => s.storageFailed);
  return (
    <div role="alert">
      {failed && (
        <div className={classes.banner} data-storage="failed">
          <IconDatabaseOff size="1.25rem" aria-hidden />
          <strong className={classes.text}>{t('storage.failed')}</strong>
          <span className={classes.retry}>{t('storage.hint')}</span>
        </div>
      )}
    </div>
  );
};
