import { Button, Stack, Textarea, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChoiceCards } from '#renderer/ui/choice-cards.tsx';
import { Dialog, DialogActions } from '#renderer/ui/dialog.tsx';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { IDENTITY_DECISIONS, type IdentityDecision } from '#shared/identity/identity-facts.ts';
import { useAction, useKioskState } from '../../kiosk-context.tsx';

/** As `ReasonSchema` and `AuthorisedBySchema` have them. */
const LEAST = 3;
const MOST_REASON = 500;
const MOST_NAME = 120;
const MOST_CODE = 40;

const StaffIdentityForm = ({ onDone }: { onDone: () => void }) => {
  const { t } = useTranslation('kiosk');
  const { running, problem, run } = useAction();
  const [code, setCode] = useState('');
  const [decision, setDecision] = useState<IdentityDecision | null>(null);
  const [authoriser, setAuthoriser] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const names = decision === 'authorised-alternative';
  const missing = {
    code: code.trim() === '',
    decision: decision === null,
    authoriser: names && authoriser.trim().length < LEAST,
    reason: reason.trim().length < LEAST,
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (decision === null || Object.values(missing).includes(true) || running) return;
    const stored = await run({
      type: 'staff-identity',
      code: code.trim(),
      decision,
      authorisedBy: names ? authoriser.trim() : null,
      reason: reason.trim(),
    });
    if (stored) onDone();
    else {
      setCode('');
      setTried(false);
    }
  };
  const error = (field: keyof typeof missing) =>
    tried && missing[field] ? t(`staffIdentity.missing.${field}`) : null;

  return (
    <form onSubmit={submit} noValidate data-own-keys>
      <Stack gap="0.75rem">
        <TextInput
          size="md"
          // The examinee sits beside it: whoever reads the code can open the machine.
          type="password"
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          maxLength={MOST_CODE}
          label={t('staffExit.code')}
          description={t('staffIdentity.codeHint')}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={error('code')}
        />
        <ChoiceCards
          label={t('staffIdentity.decision')}
          choices={IDENTITY_DECISIONS.map((value) => ({
            value,
            label: t(`staffIdentity.decisions.${value}`),
          }))}
          value={decision}
          onChange={setDecision}
          error={error('decision')}
        />
        {names && (
          <TextInput
            size="md"
            maxLength={MOST_NAME}
            label={t('staffIdentity.authorisedBy')}
            placeholder={t('staffIdentity.authorisedByHint')}
            value={authoriser}
            onChange={(event) => setAuthoriser(event.currentTarget.value)}
            error={error('authoriser')}
          />
        )}
        <Textarea
          size="md"
          rows={2}
          maxLength={MOST_REASON}
          label={t('staffExit.reason')}
          placeholder={t('staffIdentity.reasonHint')}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={error('reason')}
        />
        <ProblemText problem={problem} />
        <DialogActions>
          <Button variant="default" size="lg" onClick={onDone}>
            {t('staffExit.cancel')}
          </Button>
          <Button type="submit" size="lg" loading={running}>
            {t(decision === 'refused' ? 'staffIdentity.refuse' : 'staffIdentity.send')}
          </Button>
        </DialogActions>
      </Stack>
    </form>
  );
};

/**
 * A member of staff decides at the machine who sits here, with the session's exit code: also without a network. Every
 * try is on record. Nothing where the session has no code.
 */
export const StaffIdentity = () => {
  const { t } = useTranslation('kiosk');
  const offered = useKioskState(({ view }) => view?.ticket?.staffExit != null);
  const [open, setOpen] = useState(false);
  if (!offered) return null;
  const close = () => setOpen(false);
  return (
    <>
      <Button
        variant="subtle"
        color="ink.7"
        leftSection={<IconKey size="1.25rem" aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t('staffExit.open')}
      </Button>
      <Dialog
        opened={open}
        onClose={close}
        title={t('staffIdentity.title')}
        icon={<IconKey size="1.5rem" aria-hidden />}
        size="xl"
      >
        <StaffIdentityForm onDone={close} />
      </Dialog>
    </>
  );
};
