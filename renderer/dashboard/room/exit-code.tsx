import { Button } from '@mantine/core';
import { IconLockOpen } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import bar from '#renderer/dashboard/shell/bar-button.module.css';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import type { Place } from '#renderer/dashboard/shell/routes.ts';
import { useApi, useApp } from '#renderer/dashboard/shell/shell-context.tsx';
import type { Problem } from '#shared/kernel/problem.ts';
import { roleHas } from '#shared/wire/roles.ts';
import { createRoomApi } from './api.ts';
import classes from './exit-code.module.css';

/** The code that opens this session's locked machines: behind a button, because each look is on record. */
export const ExitCode = ({ place }: { place: Place }) => {
  const { t } = useTranslation('dashboard');
  const api = useApi(createRoomApi);
  const offers = useApp((s) => s.me !== null && roleHas(s.me.role, 'exit-code'));
  const [opened, setOpened] = useState(false);
  const [code, setCode] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  if (!offers) return null;
  const close = (): void => {
    setOpened(false);
    setCode(null);
    setProblem(null);
  };
  const show = async (): Promise<void> => {
    setBusy(true);
    const answer = await api.exitCode(place);
    setBusy(false);
    if (answer.ok) setCode(answer.value);
    setProblem(answer.ok ? null : answer.error);
  };
  return (
    <>
      <button type="button" className={bar.button} onClick={() => setOpened(true)}>
        <IconLockOpen size="1.125rem" aria-hidden />
        {t('exit.open')}
      </button>
      <Dialog opened={opened} onClose={close} size="30rem" title={t('exit.title')}>
        <div className={classes.body}>
          <p>{t('exit.explanation')}</p>
          <p>{t('exit.where')}</p>
          {code === null ? (
            <Button onClick={() => void show()} loading={busy} data-autofocus>
              {t('exit.show')}
            </Button>
          ) : (
            <>
              <output className={classes.code} aria-label={t('exit.code')} data-exit-code>
                {code}
              </output>
              <Button variant="default" onClick={close} autoFocus>
                {t('exit.hide')}
              </Button>
            </>
          )}
          <ProblemNote problem={problem} />
        </div>
      </Dialog>
    </>
  );
};
