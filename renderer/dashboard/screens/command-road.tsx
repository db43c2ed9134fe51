import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCheck,
  IconChecks,
  IconCircleCheck,
  IconCircleX,
  IconLoader2,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { Command, CommandState } from '#shared/wire/command.ts';
import type { CommandView } from '#shared/wire/dashboard.ts';
import { useDashboard, useLocale, useRoom } from '../dashboard-context.tsx';
import type { UnsentCommand } from '../room-store.ts';
import classes from './command-road.module.css';
import { useProblemText } from './problem-note.tsx';

const ICON: Readonly<Record<CommandState, typeof IconCheck>> = {
  sent: IconCheck,
  delivered: IconChecks,
  applied: IconCircleCheck,
  rejected: IconCircleX,
};

const textOf = (command: Command): string =>
  command.type === 'message' ? command.text : command.reason;

const together = (
  live: readonly CommandView[],
  known: readonly CommandView[],
): readonly CommandView[] => {
  const byId = new Map([...known, ...live].map((command) => [command.id, command]));
  return [...byId.values()].sort((a, b) => b.issuedAt - a.issuedAt);
};

/** Each command with how far it has come: sent, delivered, applied or rejected. */
export const CommandRoad = ({
  attemptId,
  known,
}: {
  attemptId: string;
  known: readonly CommandView[];
}) => {
  const { t } = useTranslation('dashboard');
  const locale = useLocale();
  const live = useRoom((s) => s.commands);
  const allUnsent = useRoom((s) => s.unsent);
  const commands = useMemo(
    () =>
      together(
        live.filter((c) => c.attemptId === attemptId),
        known,
      ),
    [live, known, attemptId],
  );
  const unsent = useMemo(
    () => allUnsent.filter((u) => u.attemptId === attemptId),
    [allUnsent, attemptId],
  );
  if (commands.length === 0 && unsent.length === 0) return null;
  return (
    <section aria-labelledby="panel-commands">
      <h3 id="panel-commands" className={classes.title}>
        {t('commands.title')}
      </h3>
      <ol className={classes.list} aria-live="polite">
        {unsent.map((command) => (
          <Unsent key={command.localId} unsent={command} />
        ))}
        {commands.map(({ id, command, issuedAt, issuedBy, state }) => {
          const Icon = ICON[state];
          return (
            <li key={id} className={classes.item} data-command-id={id} data-command-state={state}>
              <div className={classes.head}>
                <span className={classes.what}>{t(`commands.${command.type}`)}</span>
                <span className={classes.state} data-state={state}>
                  <Icon size="1.0625rem" stroke={2.25} aria-hidden />
                  {t(`commands.${state}`)}
                </span>
              </div>
              <div className={classes.text}>“{textOf(command)}”</div>
              <div className={classes.by}>
                {t('commands.by', { by: issuedBy, time: formatClock(issuedAt, locale, true) })}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
};

const Unsent = ({ unsent }: { unsent: UnsentCommand }) => {
  const { t } = useTranslation('dashboard');
  const dashboard = useDashboard();
  const problemText = useProblemText();
  const { problem, command, localId } = unsent;
  return (
    <li className={classes.item} data-command-state={problem === null ? 'sending' : 'failed'}>
      <div className={classes.head}>
        <span className={classes.what}>{t(`commands.${command.type}`)}</span>
        <span className={classes.state} data-state={problem === null ? 'sending' : 'failed'}>
          {problem === null ? (
            <IconLoader2 size="1.0625rem" aria-hidden />
          ) : (
            <IconAlertTriangle size="1.0625rem" aria-hidden />
          )}
          {t(problem === null ? 'commands.sending' : 'commands.failed')}
        </span>
      </div>
      <div className={classes.text}>“{textOf(command)}”</div>
      {problem !== null && (
        <>
          <p className={classes.problem}>{problemText(problem)}</p>
          <div className={classes.buttons}>
            <Button size="xs" variant="default" onClick={() => dashboard.dropUnsent(localId)}>
              {t('commands.drop')}
            </Button>
            <Button size="xs" onClick={() => void dashboard.resend(localId)}>
              {t('common:retry')}
            </Button>
          </div>
        </>
      )}
    </li>
  );
};
