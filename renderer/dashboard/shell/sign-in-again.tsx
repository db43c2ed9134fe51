import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from './desk-dialog.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** The way back in, where a screen says that the session is over: over the page, which keeps what was written on it. */
export const SignInAgain = () => {
  const { t } = useTranslation('dashboard');
  const [state, setState] = useState<'needed' | 'asked' | 'done'>('needed');
  if (state === 'done') return <p role="status">{t('signInAgain.done')}</p>;
  return (
    <>
      <Button size="xs" variant="default" mt="0.375rem" onClick={() => setState('asked')}>
        {t('signInAgain.open')}
      </Button>
      <Dialog
        opened={state === 'asked'}
        onClose={() => setState('needed')}
        size="26rem"
        title={t('signInAgain.title')}
        // Escape closes this, not the form that it stands over.
        onKeyDown={(event) => event.stopPropagation()}
      >
        <p>{t('signInAgain.text')}</p>
        <SignInForm onDone={() => setState('done')} />
      </Dialog>
    </>
  );
};
