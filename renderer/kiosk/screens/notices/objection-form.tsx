import { Button, Textarea } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogActions } from '#renderer/ui/dialog.tsx';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import type { IncidentId } from '#shared/kernel/ids.ts';
import { useAction } from '../../kiosk-context.tsx';
import classes from './notices.module.css';

const MAX = 2_000;
/** The rest is only mentioned when it gets scarce. */
const MENTION_BELOW = 200;

/** "No estoy de acuerdo": the examinee's own words, on record beside the copy attempt. */
export const ObjectionForm = ({
  incidentId,
  onDone,
  onCancel,
}: {
  incidentId: IncidentId;
  onDone: () => void;
  onCancel: () => void;
}) => {
  const { t } = useTranslation('kiosk');
  const { running, problem, run } = useAction();
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const left = MAX - text.length;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (text.trim() === '' || running) return;
    if (await run({ type: 'object', incidentId, text: text.trim() })) onDone();
  };

  return (
    <form className={classes.objection} onSubmit={submit} noValidate>
      <Textarea
        ref={field}
        size="md"
        rows={4}
        maxLength={MAX}
        label={t('notice.disagreeLabel')}
        description={t('notice.disagreeHint')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={tried && text.trim() === '' ? t('notice.disagreeMissing') : null}
      />
      <div role="status" className={classes.left}>
        {left < MENTION_BELOW ? t('notice.left', { count: left }) : ''}
      </div>
      <ProblemText problem={problem} />
      <DialogActions>
        <Button variant="default" size="lg" onClick={onCancel}>
          {t('notice.disagreeCancel')}
        </Button>
        <Button type="submit" size="lg" loading={running}>
          {t('notice.disagreeSend')}
        </Button>
      </DialogActions>
    </form>
  );
};
