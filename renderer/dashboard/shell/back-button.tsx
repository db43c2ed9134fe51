import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { goTo } from './navigation.ts';

/** The way from any screen back to today's rooms, where everybody begins. */
export const BackButton = () => {
  const { t } = useTranslation('dashboard');
  return (
    <Tooltip label={t('room.back')}>
      <ActionIcon
        variant="transparent"
        c="white"
        size="lg"
        aria-label={t('room.back')}
        onClick={() => goTo('rooms', {})}
      >
        <IconArrowLeft size="1.25rem" />
      </ActionIcon>
    </Tooltip>
  );
};
