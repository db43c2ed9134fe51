import { Button, TextInput } from '@mantine/core';
import { IconSearch, IconTicket, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Nothing } from '#renderer/dashboard/shell/answer-frame.tsx';
import classes from '#renderer/dashboard/shell/desk.module.css';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import { useApi, useApp, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { formatDate } from '#renderer/ui/time-format.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { roleHas } from '#shared/wire/roles.ts';
import { createEnrolmentsApi, type EnrolmentRow } from './api.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { StateMark } from './enrolment-state.tsx';
import { RoomCodeDialog } from './room-code-dialog.tsx';

const LEAST = 3;

type Open = { readonly what: 'code' | 'delete'; readonly row: EnrolmentRow };

/** Finds somebody: how they stand, a code with which they enrol here and now, the end of what is kept. */
export const PeopleTab = () => {
  const { t } = useTranslation('enrolments');
  const enrolments = useApi(createEnrolmentsApi);
  const deletes = useApp((s) => s.me !== null && roleHas(s.me.role, 'privacy'));
  const [words, setWords] = useState('');
  const [short, setShort] = useState(false);
  const [found, setFound] = useState<readonly EnrolmentRow[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [open, setOpen] = useState<Open | null>(null);

  const search = async (): Promise<void> => {
    const clean = words.trim();
    setShort(clean.length < LEAST);
    if (clean.length < LEAST) return;
    setBusy(true);
    const answer = await enrolments.find(clean);
    setBusy(false);
    if (answer.ok) setFound(answer.value);
    setProblem(answer.ok ? null : answer.error);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void search();
  };
  return (
    <div className={classes.content}>
      <p className={classes.text}>{t('people.text')}</p>
      <form onSubmit={submit} noValidate className={classes.search}>
        <TextInput
          type="search"
          className={classes.field ?? ''}
          label={t('people.search')}
          placeholder={t('people.searchShort')}
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            setShort(false);
          }}
          error={short ? t('people.short') : null}
          maxLength={80}
          autoFocus
        />
        <Button
          type="submit"
          loading={busy}
          leftSection={<IconSearch size="1.125rem" aria-hidden />}
        >
          {t('people.submit')}
        </Button>
      </form>
      <ProblemNote problem={problem} />
      {found !== null &&
        (found.length === 0 ? (
          <Nothing title={t('people.none')} text={t('people.noneText')} />
        ) : (
          <Found rows={found} deletes={deletes} onOpen={setOpen} />
        ))}
      {open?.what === 'code' && <RoomCodeDialog row={open.row} onClose={() => setOpen(null)} />}
      {open?.what === 'delete' && (
        <DeleteDialog
          row={open.row}
          onClose={() => setOpen(null)}
          onDeleted={() => void search()}
        />
      )}
    </div>
  );
};

const Found = ({
  rows,
  deletes,
  onOpen,
}: {
  rows: readonly EnrolmentRow[];
  deletes: boolean;
  onOpen: (open: Open) => void;
}) => {
  const { t } = useTranslation('enrolments');
  const locale = useLocale();
  return (
    <div className={classes.frame}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('people.column.name')}</th>
            <th scope="col">{t('people.column.state')}</th>
            <th scope="col">{t('people.column.since')}</th>
            <th scope="col">{t('people.column.actions')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Guarded key={row.examineeId} shape="row" version={row}>
              {() => (
                <tr data-examinee={row.examineeId}>
                  <th scope="row">
                    <span className={classes.name}>{row.name}</span>
                    <span className={classes.dim}>{row.documentMasked}</span>
                  </th>
                  <td>
                    <StateMark state={row.state} />
                  </td>
                  <td>{row.at === null ? '—' : formatDate(row.at, locale)}</td>
                  <td>
                    <div className={classes.actions}>
                      <Button
                        variant="default"
                        leftSection={<IconTicket size="1.125rem" aria-hidden />}
                        aria-label={t('people.codeFor', { name: row.name })}
                        onClick={() => onOpen({ what: 'code', row })}
                      >
                        {t('people.code')}
                      </Button>
                      {deletes && row.state !== 'none' && (
                        <Button
                          variant="default"
                          leftSection={<IconTrash size="1.125rem" aria-hidden />}
                          aria-label={t('people.deleteOf', { name: row.name })}
                          onClick={() => onOpen({ what: 'delete', row })}
                        >
                          {t('people.delete')}
                        </Button>
                      )}
                    </div>
                  </td>
                </tr>
              )}
            </Guarded>
          ))}
        </tbody>
      </table>
    </div>
  );
};
