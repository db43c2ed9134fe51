import { IconCloudCheck, IconCloudOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { StateChip } from '#renderer/ui/state-chip.tsx';
import { useKioskState } from '../kiosk-context.tsx';

/** Whether the server is there: quiet when it is, and never more than a word when it is not. */
export const ConnectionChip = ({ short = false }: { short?: boolean }) => {
  const { t } = useTranslation('common');
  const online = useKioskState((state) => state.view?.connection.online ?? null);
  if (online === null) return null;
  return (
    <StateChip tone={online ? 'quiet' : 'look'} icon={online ? IconCloudCheck : IconCloudOff}>
      {t(`connection.${online ? 'online' : 'offline'}${short ? 'Short' : ''}`)}
    </StateChip>
  );
};
