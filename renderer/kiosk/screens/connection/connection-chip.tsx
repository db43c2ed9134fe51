import { UnstyledButton } from '@mantine/core';
import { IconCloudCheck, IconCloudOff, IconCloudSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StateChip } from '#renderer/ui/state-chip.tsx';
import { useKioskState } from '../../kiosk-context.tsx';
import { connectionStanding } from '../../selectors.ts';
import classes from './connection.module.css';
import { ConnectionPanel } from './connection-panel.tsx';

const ICONS = { online: IconCloudCheck, looking: IconCloudSearch, offline: IconCloudOff } as const;

/** Whether the server is there: quiet when it is, a word when it is not, and behind it why and what can be done. */
export const ConnectionChip = ({ short = false }: { short?: boolean }) => {
  const { t } = useTranslation(['common', 'connection']);
  const standing = useKioskState(({ view }) =>
    view === null ? null : connectionStanding(view.connection),
  );
  const [open, setOpen] = useState(false);
  if (standing === null) return null;
  const word = t(`common:connection.${standing}${short ? 'Short' : ''}`);
  return (
    <>
      <UnstyledButton
        className={classes.chip ?? ''}
        aria-haspopup="dialog"
        title={t('connection:open')}
        onClick={() => setOpen(true)}
      >
        <StateChip tone={standing === 'offline' ? 'look' : 'quiet'} icon={ICONS[standing]}>
          {word}
        </StateChip>
      </UnstyledButton>
      <ConnectionPanel opened={open} onClose={() => setOpen(false)} />
    </>
  );
};
