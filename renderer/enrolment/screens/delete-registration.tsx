import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogActions } from '#renderer/ui/dialog.tsx';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { useAction, useEnrolment } from '../enrolment-context.tsx';
import classes from './panel.module.css';

/** Withdraws the consent: a word has to be typed, because nothing brings the data back. */
export const DeleteRegistration = () => {
  const { t } = useTranslation('enrolment');
  const [asking, setAsking] = useState(false);
  return (
    <section className={classes.panel} aria-labelledby="delete">
      <h2 id="delete">{t('data.delete')}</h2>
      <p>{t('data.deleteText')}</p>
      <div className={classes.here}>
        <Button variant="default" onClick={() => setAsking(true)}>
          {t('data.deleteOpen')}
        </Button>
      </div>
      {asking && <Confirm onClose={() => setAsking(false)} />}
    </section>
  );
};

const Confirm = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation('enrolment');
  const enrolment = useEnrolment();
  const { running, problem, run } = useAction();
  const [typed, setTyped] = useState('');
  const [missing, setMissing] = useState(false);
  const word = t('data.deleteWord');
  const send = (event: FormEvent) => {
    event.preventDefault();
    const right = typed.trim().toUpperCase() === word;
    setMissing(!right);
    if (!right || running) return;
    void run(() => enrolment.withdraw()).then((well) => {
      if (well) {
        onClose();
        scrollTo({ top: 0 });
      }
    });
  };
  return (
    <Dialog title={t('data.deleteTitle')} onClose={onClose} size="lg">
      <form onSubmit={send} noValidate className={classes.state}>
        <p>{t('data.deleteText')}</p>
        <TextInput
          size="md"
          label={t('data.deleteLabel', { word })}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setMissing(false);
          }}
          error={missing ? t('data.deleteMissing', { word }) : null}
          autoComplete="off"
          spellCheck={false}
          maxLength={20}
          data-autofocus
        />
        {problem?.code === 'forbidden' ? (
          <p role="alert" className={classes.nudged}>
            {t('data.deleteOwn')}
          </p>
        ) : (
          <ProblemText own="enrolment" problem={running ? null : problem} />
        )}
        <DialogActions>
          <Button variant="default" size="md" onClick={onClose} disabled={running}>
            {t('cancel')}
          </Button>
          <Button type="submit" size="md" loading={running}>
            {t('data.deleteSend')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};
