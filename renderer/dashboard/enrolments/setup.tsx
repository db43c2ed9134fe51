import { Button } from '@mantine/core';
import { IconCalendarPlus } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AnswerFrame } from '#renderer/dashboard/shell/answer-frame.tsx';
import classes from '#renderer/dashboard/shell/desk.module.css';
import { useApi } from '#renderer/dashboard/shell/shell-context.tsx';
import { useAnswer } from '#renderer/dashboard/shell/use-answer.ts';
import type { IdentitySetup } from '#shared/wire/identity-setup.ts';
import { createEnrolmentsApi, type ExamRow, type SessionRow, type WindowRow } from './api.ts';
import { SessionDialog } from './session-dialog.tsx';
import { ExamTable, SessionTable, WindowTable } from './setup-tables.tsx';
import { ThumbnailsDialog } from './thumbnails-dialog.tsx';
import { AddWindowDialog, RemoveWindowDialog } from './window-dialogs.tsx';

type Open =
  | { readonly what: 'add' }
  | { readonly what: 'remove'; readonly window: WindowRow }
  | { readonly what: 'session'; readonly session: SessionRow }
  | { readonly what: 'thumbnails'; readonly exam: ExamRow };

/** What is decided about identity before an exam: dates, how sessions check it, small pictures. */
export const SetupTab = () => {
  const { t } = useTranslation('enrolments');
  const enrolments = useApi(createEnrolmentsApi);
  const asked = useAnswer(enrolments.setup);
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => setOpen(null);
  // What was refused is no longer as the list shows it either.
  const reload = (): void => void asked.load();
  const done = (): void => {
    close();
    reload();
  };
  return (
    <>
      <AnswerFrame asked={asked} text={t('setup.text')}>
        {(setup) => <Sections setup={setup} onOpen={setOpen} />}
      </AnswerFrame>
      {open?.what === 'add' && (
        <AddWindowDialog venues={asked.value?.venues ?? []} onClose={close} onDone={done} />
      )}
      {open?.what === 'remove' && (
        <RemoveWindowDialog window={open.window} onClose={close} onDone={done} />
      )}
      {open?.what === 'session' && (
        <SessionDialog session={open.session} onClose={close} onDone={done} onRefused={reload} />
      )}
      {open?.what === 'thumbnails' && (
        <ThumbnailsDialog exam={open.exam} onClose={close} onDone={done} onRefused={reload} />
      )}
    </>
  );
};

const Sections = ({ setup, onOpen }: { setup: IdentitySetup; onOpen: (open: Open) => void }) => {
  const { t } = useTranslation('enrolments');
  const { windows, sessions, exams } = setup;
  return (
    <>
      <Section
        title={t('setup.windows.title')}
        text={t('setup.windows.text')}
        action={
          <Button
            leftSection={<IconCalendarPlus size="1.125rem" aria-hidden />}
            onClick={() => onOpen({ what: 'add' })}
          >
            {t('setup.windows.add')}
          </Button>
        }
      >
        <WindowTable windows={windows} onRemove={(window) => onOpen({ what: 'remove', window })} />
      </Section>
      <Section title={t('setup.sessions.title')} text={t('setup.sessions.text')}>
        <SessionTable
          sessions={sessions}
          onChange={(session) => onOpen({ what: 'session', session })}
        />
      </Section>
      <Section title={t('setup.thumbnails.title')} text={t('setup.thumbnails.text')}>
        <ExamTable exams={exams} onChange={(exam) => onOpen({ what: 'thumbnails', exam })} />
      </Section>
    </>
  );
};

const Section = ({
  title,
  text,
  action,
  children,
}: {
  title: string;
  text: string;
  action?: ReactNode;
  children: ReactNode;
}) => {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.head}>
        <div className={classes.text}>
          <h2 id={id} className={classes.heading}>
            {title}
          </h2>
          <span className={classes.dim}>{text}</span>
        </div>
        {action}
      </div>
      {children}
    </section>
  );
};
