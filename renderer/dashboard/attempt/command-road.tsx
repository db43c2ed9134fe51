import { IconCheck, IconChecks, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoom } from '#renderer/dashboard/live/live-context.ts';
import { useClock, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { Command, CommandState } from '#shared/wire/command.ts';
import type { CommandView } from '#shared/wire/dashboard.ts';
import classes from './command-road.module.css';

const ICON: Readonly<Record<CommandState, typeof IconCheck>> = {
  sent: IconCheck,
  delivered: IconChecks,
  applied: IconCircleCheck,
  rejected: IconCircleX,
};

const Step = ({ state }: { state: CommandState }) => {
  const { t } = useTranslation('dashboard');
  const Icon = ICON[state];
  return (
    <span className={classes.state} data-state={state}>
      <Icon size="1.0625rem" stroke={2.25} aria-hidden />
      {t(`commands.${state}`)}
    </span>
  );
};

/** A command that has come to its end is out of sight after this time, ms. */
const FRESH_MS = 60_000;

/** The newest command beside the buttons: whoever has just sent it sees how far it comes. */
export const LatestCommand = ({ attemptId }: { attemptId: string }) => {
  const { t } = useTranslation('dashboard');
  const newest = useRoom((s) => s.commands.find((command) => command.attemptId === attemptId));
  const fresh = useClock((now) => newest !== undefined && now - newest.issuedAt < FRESH_MS);
  const open = newest?.state === 'sent' || newest?.state === 'delivered';
  return (
    <div role="status" className={classes.latest}>
      {newest !== undefined && (fresh || open) && (
        <>
          <span className={classes.what}>{t(`commands.${newest.command.type}`)}</span>
          <span className="at-truncate">“{textOf(newest.command)}”</span>
          <Step state={newest.state} />
        </>
      )}
    </div>
  );
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
  const commands = useMemo(
    () =>
      together(
        live.filter((c) => c.attemptId === attemptId),
        known,
      ),
    [live, known, attemptId],
  );
  if (commands.length === 0) return null;
  return (
    <section aria-labelledby="panel-commands">
      <h3 id="panel-commands" className={classes.title}>
        {t('commands.title')}
      </h3>
      <ol className={classes.list}>
        {commands.map(({ id, command, issuedAt, issuedBy, state }) => (
          <Guarded key={id} shape="line" version={state}>
            {() => (
              <li className={classes.item} data-command-id={id} data-command-state={state}>
                <div className={classes.head}>
                  <span className={classes.what}>{t(`commands.${command.type}`)}</span>
                  <Step state={state} />
                </div>
                <div className={classes.text}>“{textOf(command)}”</div>
                <div className={classes.by}>
                  {t('commands.by', { by: issuedBy, time: formatClock(issuedAt, locale, true) })}
                </div>
              </li>
            )}
          </Guarded>
        ))}
      </ol>
    </section>
  );
};
