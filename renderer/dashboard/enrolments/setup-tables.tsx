import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Nothing } from '#renderer/dashboard/shell/answer-frame.tsx';
import classes from '#renderer/dashboard/shell/desk.module.css';
import { useLocale, useShell } from '#renderer/dashboard/shell/shell-context.tsx';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { formatClock, formatDate, formatMoment } from '#renderer/ui/time-format.ts';
import type { ExamRow, SessionRow, WindowRow } from './api.ts';
import { wayOf } from './identity-way.ts';

const Table = ({ columns, children }: { columns: readonly string[]; children: ReactNode }) => (
  <div className={classes.frame}>
    <table className={classes.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);

const Empty = ({ title, text }: { title: string; text?: string }) => (
  <div className={classes.frame}>
    <Nothing title={title} {...(text === undefined ? {} : { text })} />
  </div>
);

/** Dates of enrolment that are not over. */
export const WindowTable = ({
  windows,
  onRemove,
}: {
  windows: readonly WindowRow[];
  onRemove: (window: WindowRow) => void;
}) => {
  const { t } = useTranslation('enrolments');
  const { clock } = useShell();
  const locale = useLocale();
  if (windows.length === 0) {
    return <Empty title={t('setup.windows.none')} text={t('setup.windows.noneText')} />;
  }
  const columns = [
    t('setup.windows.opens'),
    t('setup.windows.closes'),
    t('setup.windows.venue'),
    t('setup.actions'),
  ];
  return (
    <Table columns={columns}>
      {windows.map((window) => (
        <Guarded key={window.id} shape="row" columns={columns.length} version={window}>
          {() => {
            const date = formatMoment(window.opensAt, locale, window.timeZone ?? undefined);
            return (
              <tr data-window={window.id}>
                <th scope="row" className={classes.name}>
                  {date}
                </th>
                <td>
                  {formatMoment(window.closesAt, locale, window.timeZone ?? undefined)}
                  {window.opensAt <= clock.now() && (
                    <div>
                      <span className={classes.mark} data-look="ok">
                        <IconCircleCheck size="1.125rem" aria-hidden />
                        {t('setup.windows.open')}
                      </span>
                    </div>
                  )}
                </td>
                <td>{window.venue ?? t('setup.windows.everywhere')}</td>
                <td>
                  <Button
                    variant="default"
                    aria-label={t('setup.windows.removeOf', { date })}
                    onClick={() => onRemove(window)}
                  >
                    {t('setup.windows.remove')}
                  </Button>
                </td>
              </tr>
            );
          }}
        </Guarded>
      ))}
    </Table>
  );
};

/** Sessions that are not over, and how each checks identity. */
export const SessionTable = ({
  sessions,
  onChange,
}: {
  sessions: readonly SessionRow[];
  onChange: (session: SessionRow) => void;
}) => {
  const { t } = useTranslation('enrolments');
  const locale = useLocale();
  if (sessions.length === 0) return <Empty title={t('setup.sessions.none')} />;
  const columns = [
    t('setup.sessions.starts'),
    t('setup.sessions.room'),
    t('setup.sessions.exam'),
    t('setup.sessions.check'),
    t('setup.actions'),
  ];
  return (
    <Table columns={columns}>
      {sessions.map((session) => (
        <Guarded
          key={session.id}
          shape="row"
          of={session.room}
          columns={columns.length}
          version={session}
        >
          {() => {
            const date = formatMoment(session.startsAt, locale, session.timeZone);
            return (
              <tr data-session={session.id}>
                <td>
                  <span className={classes.moment}>
                    {formatDate(session.startsAt, locale, session.timeZone)}
                  </span>
                  <span className={classes.dim}>
                    {formatClock(session.startsAt, locale, false, session.timeZone)}
                  </span>
                </td>
                <th scope="row">
                  <span className={classes.name}>{session.room}</span>
                  <span className={classes.dim}>{session.venue}</span>
                </th>
                <td>{session.examTitle}</td>
                <td>{t(`setup.way.${wayOf(session)}`)}</td>
                <td>
                  {session.begun ? (
                    <span className={classes.dim}>{t('setup.sessions.begun')}</span>
                  ) : (
                    <Button
                      variant="default"
                      aria-label={t('setup.sessions.changeOf', { room: session.room, date })}
                      onClick={() => onChange(session)}
                    >
                      {t('setup.sessions.change')}
                    </Button>
                  )}
                </td>
              </tr>
            );
          }}
        </Guarded>
      ))}
    </Table>
  );
};

/** Exams with sessions to come, and whether staff see small pictures. */
export const ExamTable = ({
  exams,
  onChange,
}: {
  exams: readonly ExamRow[];
  onChange: (exam: ExamRow) => void;
}) => {
  const { t } = useTranslation('enrolments');
  if (exams.length === 0) return <Empty title={t('setup.thumbnails.none')} />;
  const columns = [t('setup.thumbnails.exam'), t('setup.thumbnails.state'), t('setup.actions')];
  return (
    <Table columns={columns}>
      {exams.map((exam) => (
        <Guarded key={exam.id} shape="row" columns={columns.length} version={exam}>
          {() => {
            const { id, title, thumbnails, begun } = exam;
            const change = thumbnails ? 'forbid' : 'allow';
            return (
              <tr data-exam={id}>
                <th scope="row" className={classes.name}>
                  {title}
                </th>
                <td>{t(`setup.thumbnails.${thumbnails ? 'on' : 'off'}`)}</td>
                <td>
                  {begun && !thumbnails ? (
                    <span className={classes.dim}>{t('setup.thumbnails.begun')}</span>
                  ) : (
                    <Button
                      variant="default"
                      aria-label={t(`setup.thumbnails.${change}Of`, { title })}
                      onClick={() => onChange(exam)}
                    >
                      {t(`setup.thumbnails.${change}`)}
                    </Button>
                  )}
                </td>
              </tr>
            );
          }}
        </Guarded>
      ))}
    </Table>
  );
};
