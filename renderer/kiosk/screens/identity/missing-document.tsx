import { Button } from '@mantine/core';
import { IconIdOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogActions } from '#renderer/ui/dialog.tsx';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { useAction } from '../../kiosk-context.tsx';

/** "No tengo mi documento" (Art. 31): a person decides, so it is asked twice. */
export const MissingDocument = () => {
  const { t } = useTranslation('kiosk');
  const { running, problem, run } = useAction();
  const [open, setOpen] = useState(false);
  const tell = async () => {
    if (await run({ type: 'report-missing-document' })) setOpen(false);
  };
  return (
    <>
      <Button variant="default" size="lg" onClick={() => setOpen(true)}>
        {t('identity.noDocument.open')}
      </Button>
      <Dialog
        opened={open}
        onClose={() => setOpen(false)}
        title={t('identity.noDocument.title')}
        icon={<IconIdOff size="1.5rem" aria-hidden />}
      >
        <p>{t('identity.noDocument.text')}</p>
        <p>{t('identity.noDocument.record')}</p>
        <ProblemText problem={problem} />
        <DialogActions>
          <Button variant="default" size="lg" onClick={() => setOpen(false)} data-autofocus>
            {t('identity.noDocument.back')}
          </Button>
          <Button size="lg" loading={running} onClick={() => void tell()}>
            {t('identity.noDocument.send')}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
};
