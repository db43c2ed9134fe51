import { ActionIcon, Button, Stack, Textarea, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogActions } from '#renderer/ui/dialog.tsx';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { useAction, useKioskState } from '../kiosk-context.tsx';

/** A reason that another person can make something of (`ReasonSchema`). */
const LEAST_REASON = 3;
const MOST_REASON = 500;
const MOST_CODE = 40;

const StaffExitForm = ({ onDone }: { onDone: () => void }) => {
  const { t } = useTranslation('kiosk');
  const { running, problem, run } = useAction();
  const [code, setCode] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const short = reason.trim().length < LEAST_REASON;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (code.trim() === '' || short || running) return;
    if (await run({ type: 'staff-exit', code: code.trim(), reason: reason.trim() })) onDone();
    else {
      setCode('');
      setTried(false);
    }
  };

  return (
    <form onSubmit={submit} noValidate data-own-keys>
      <Stack gap="1rem">
        <p>{t('staffExit.text')}</p>
        <TextInput
          size="md"
          // The examinee sits beside it: whoever reads the code can open the machine.
          type="password"
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          maxLength={MOST_CODE}
          label={t('staffExit.code')}
          description={t('staffExit.codeHint')}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={tried && code.trim() === '' ? t('staffExit.codeMissing') : null}
        />
        <Textarea
          size="md"
          rows={2}
          maxLength={MOST_REASON}
          label={t('staffExit.reason')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={tried && short ? t('staffExit.reasonMissing') : null}
        />
        <ProblemText problem={problem} />
        <DialogActions>
          <Button variant="default" size="lg" onClick={onDone}>
            {t('staffExit.cancel')}
          </Button>
          <Button type="submit" size="lg" loading={running}>
            {t('staffExit.send')}
          </Button>
        </DialogActions>
      </Stack>
    </form>
  );
};

/**
 * The way out for a member of staff, with the session's exit code, also without a network. Every try is
 * on record. Nothing where the session has no code, or the machine is open already.
 * @param compact only its icon, where every letter is needed.
 */
export const StaffExit = ({ compact = false }: { compact?: boolean }) => {
  const { t } = useTranslation('kiosk');
  const offered = useKioskState(
    ({ view }) => view?.ticket?.staffExit != null && view.attempt?.released !== true,
  );
  const [open, setOpen] = useState(false);
  if (!offered) return null;
  const close = () => setOpen(false);
  return (
    <>
      {compact ? (
        <ActionIcon
          variant="subtle"
          color="ink.7"
          size="2.75rem"
          aria-label={t('staffExit.open')}
          title={t('staffExit.open')}
          onClick={() => setOpen(true)}
        >
          <IconKey size="1.25rem" aria-hidden />
        </ActionIcon>
      ) : (
        <Button
          variant="subtle"
          color="ink.7"
          leftSection={<IconKey size="1.25rem" aria-hidden />}
          onClick={() => setOpen(true)}
        >
          {t('staffExit.open')}
        </Button>
      )}
      <Dialog
        opened={open}
        onClose={close}
        title={t('staffExit.title')}
        icon={<IconKey size="1.5rem" aria-hidden />}
      >
        <StaffExitForm onDone={close} />
      </Dialog>
    </>
  );
};
