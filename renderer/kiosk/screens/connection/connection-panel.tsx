import { Button } from '@mantine/core';
import { IconCloudCheck, IconCloudOff, IconCloudSearch, IconWifi } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { Dialog, DialogActions } from '#renderer/ui/dialog.tsx';
import { useKiosk, useKioskState } from '../../kiosk-context.tsx';
import { connectionStanding } from '../../selectors.ts';
import classes from './connection.module.css';
import { MachineNetworkPart } from './machine-network.tsx';

const ICONS = { online: IconCloudCheck, looking: IconCloudSearch, offline: IconCloudOff } as const;

/** How the way to the server stands: what is wrong, what the person does, and the detail for who comes to help. */
const ServerState = () => {
  const { t } = useTranslation(['connection', 'common']);
  const connection = useKioskState(({ view }) => view?.connection ?? null);
  const pending = connection?.pending ?? 0;
  const standing = connection === null ? 'looking' : connectionStanding(connection);
  const Icon = ICONS[standing];
  const cause = standing === 'offline' ? (connection?.fault?.cause ?? 'unknown') : null;
  const detail = standing === 'offline' ? (connection?.fault?.detail ?? '') : '';
  return (
    <section className={cx(classes.server, standing === 'offline' && classes.away)} role="status">
      <Icon size="1.5rem" aria-hidden />
      <div className={classes.words}>
        <strong>{t(`common:connection.${standing}`)}</strong>
        {cause !== null && (
          <>
            <p>{t(`cause.${cause}.what`)}</p>
            <p>{t(`cause.${cause}.mend`)}</p>
          </>
        )}
        {pending > 0 && standing !== 'online' && <p>{t('kept', { count: pending })}</p>}
        {cause !== null && (
          <details>
            <summary>{t('forStaff')}</summary>
            <p>{t(`cause.${cause}.check`)}</p>
            {detail !== '' && <code className={classes.detail}>{detail}</code>}
          </details>
        )}
      </div>
    </section>
  );
};

/** The connection, and what the person can do about it without leaving the exam. */
export const ConnectionPanel = ({ opened, onClose }: { opened: boolean; onClose: () => void }) => {
  const { t } = useTranslation('connection');
  const { network } = useKiosk();
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      size="xl"
      title={t('title')}
      icon={<IconWifi size="1.5rem" aria-hidden />}
    >
      <ServerState />
      {network === null ? <p>{t('network.browser')}</p> : <MachineNetworkPart network={network} />}
      <DialogActions>
        <Button size="lg" data-autofocus onClick={onClose}>
          {t('close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
