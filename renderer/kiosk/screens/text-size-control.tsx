import { ActionIcon, Group } from '@mantine/core';
import { IconTextDecrease, IconTextIncrease } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { stepTextSize, TEXT_SIZES, useTextSize } from '../text-size.ts';

/** Smaller and larger text, on every screen; the keys do the same. */
export const TextSizeControl = () => {
  const { t } = useTranslation('kiosk');
  const size = useTextSize();
  return (
    <Group gap={4} wrap="nowrap" role="group" aria-label={t('textSize.label', { size })}>
      <ActionIcon
        variant="subtle"
        color="ink.7"
        size={44}
        aria-label={t('textSize.smaller')}
        title={t('textSize.smaller')}
        bg="transparent"
        disabled={size === TEXT_SIZES[0]}
        onClick={() => stepTextSize('smaller')}
      >
        <IconTextDecrease size="1.375rem" aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="ink.7"
        size={44}
        aria-label={t('textSize.larger')}
        title={t('textSize.larger')}
        bg="transparent"
        disabled={size === TEXT_SIZES.at(-1)}
        onClick={() => stepTextSize('larger')}
      >
        <IconTextIncrease size="1.375rem" aria-hidden />
      </ActionIcon>
      <span className="visually-hidden" role="status">
        {t('textSize.now', { size })}
      </span>
    </Group>
  );
};
