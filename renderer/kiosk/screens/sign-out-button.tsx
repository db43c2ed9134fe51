import { Button } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { changeLocale } from '#renderer/kiosk/kiosk-locale.ts';
import { useAction } from '../kiosk-context.tsx';

/** The quiet way out before the exam: another person at this seat, a wrong document. */
export const SignOutButton = () => {
  const { t, i18n } = useTranslation('kiosk');
  const { running, run } = useAction();
  const signOut = async () => {
    // The next person begins in Spanish.
    if (await run({ type: 'sign-out' })) changeLocale(i18n, 'es');
  };
  return (
    <Button
      variant="subtle"
      color="ink.7"
      px="xs"
      leftSection={<IconLogout size="1.25rem" />}
      loading={running}
      onClick={() => void signOut()}
    >
      {t('signOut')}
    </Button>
  );
};
