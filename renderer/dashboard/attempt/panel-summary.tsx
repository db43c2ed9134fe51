import { useTranslation } from 'react-i18next';
import { ATTENTION_ICON } from '#renderer/dashboard/live/icons.ts';
import { useRoom } from '#renderer/dashboard/live/live-context.ts';
import { attentionOf } from '#renderer/dashboard/live/tile-state.ts';
import { useClock, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatClock, formatSpan } from '#renderer/ui/time-format.ts';
import type { Tile } from '#shared/wire/dashboard.ts';
import classes from './panel-summary.module.css';

/** Time left and how far the examinee is, in one line; nothing where there is nothing to tell yet or any more. */
const Progress = ({ tile }: { tile: Tile }) => {
  const { t } = useTranslation('dashboard');
  const locale = useLocale();
  const left = useClock((now) => {
    if (tile.endsAt !== null) return formatSpan(tile.endsAt - now);
    return tile.frozenRemainingMs === null ? '' : formatSpan(tile.frozenRemainingMs);
  });
  // A closed exam has an end, but no time that anybody could still use.
  const timed = left !== '' && tile.phase !== 'closed';
  if (!timed && tile.questions === 0) return null;
  return (
    <p className={classes.progress}>
      {timed && (
        <span>
          <span className="visually-hidden">{t('panel.timeLeft')} </span>
          <strong>{left}</strong>{' '}
          <span className={classes.dim}>
            {tile.endsAt === null
              ? t('panel.stopped')
              : t('panel.until', { time: formatClock(tile.endsAt, locale) })}
          </span>
        </span>
      )}
      {tile.questions > 0 && (
        <span>{t('panel.answeredOf', { answered: tile.answered, questions: tile.questions })}</span>
      )}
    </p>
  );
};

/** These stand below, with what there is to see and to decide. */
const TOLD_BELOW: ReadonlySet<string> = new Set(['incident', 'closed-copy', 'objection']);

/** What asks for a person, and how far the exam is: read before anything else. */
export const PanelSummary = ({ tile }: { tile: Tile }) => {
  const { t } = useTranslation('dashboard');
  const objections = useRoom((s) => s.objections[tile.attemptId] ?? 0);
  const reasons = useClock((now) =>
    attentionOf(tile, objections, now)
      .filter((reason) => !TOLD_BELOW.has(reason))
      .join(' '),
  );
  const attention = reasons === '' ? [] : (reasons.split(' ') as ReturnType<typeof attentionOf>);
  return (
    <div className={classes.summary}>
      {attention.length > 0 && (
        <ul className={classes.attention}>
          {attention.map((reason) => {
            const Icon = ATTENTION_ICON[reason];
            return (
              <li key={reason}>
                <Icon size="1.125rem" aria-hidden />
                <span>{t(`attentionText.${reason}`)}</span>
              </li>
            );
          })}
        </ul>
      )}
      <Progress tile={tile} />
    </div>
  );
};
