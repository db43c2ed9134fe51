import { Button } from '@mantine/core';
import { IconTransfer } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive, useRoom } from '#renderer/dashboard/live/live-context.ts';
import { incidentKey } from '#renderer/dashboard/live/room-store.ts';
import { classOf, stateOf } from '#renderer/dashboard/live/tile-state.ts';
import { ReasonForm } from '#renderer/dashboard/shell/reason-form.tsx';
import { useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { catalogued } from '#shared/incident/catalogue.ts';
import type { Command } from '#shared/wire/command.ts';
import type { AttemptDetail, IncidentView, Tile } from '#shared/wire/dashboard.ts';
import { factWords } from './fact-words.ts';
import { IdentityReview } from './identity/identity-review.tsx';
import { IncidentBody } from './incident-body.tsx';
import classes from './panel-incidents.module.css';

/** Whether the examinee disagrees and nobody has decided yet. */
const contested = ({ objection, dismissed }: IncidentView): boolean =>
  objection !== null && dismissed === null;

/**
 * The live ones win over those asked for earlier; both together are all there is. What waits for a decision comes first,
 * then the newest.
 */
const together = (
  live: readonly IncidentView[],
  known: readonly IncidentView[],
): readonly IncidentView[] => {
  const byId = new Map([...known, ...live].map((incident) => [incidentKey(incident), incident]));
  return [...byId.values()].sort(
    (a, b) => Number(contested(b)) - Number(contested(a)) || b.startedAt - a.startedAt,
  );
};

/** Whether it is the attempt's own, or counts on in it from the machine before. */
const isOf = ({ attemptId, carries }: Tile, incident: IncidentView): boolean =>
  incident.attemptId === attemptId ||
  carries?.from?.some(
    (one) => one.attemptId === incident.attemptId && one.incidentId === incident.id,
  ) === true;

/** All incidents of one examinee, with those that count on from the machine before; a copy attempt can be dismissed here. */
export const PanelIncidents = ({
  tile,
  detail,
  mayCommand,
}: {
  tile: Tile;
  /** null while it is on its way, or for whoever may not see it. */
  detail: AttemptDetail | null;
  mayCommand: boolean;
}) => {
  const { t } = useTranslation('dashboard');
  const room = useRoom((s) => s.incidents);
  const incidents = useMemo(
    () =>
      together(
        room.filter((i) => isOf(tile, i)),
        detail?.incidents ?? [],
      ),
    [room, detail, tile],
  );
  return (
    <section aria-labelledby="panel-incidents">
      <h3 id="panel-incidents" className={classes.title}>
        {t('panel.incidents', { count: incidents.length })}
      </h3>
      {incidents.length === 0 ? (
        <p className={classes.none}>{t('panel.noIncidents')}</p>
      ) : (
        <ol className={classes.list}>
          {incidents.map((incident) => (
            <Guarded key={incidentKey(incident)} shape="line" version={incident}>
              <Item tile={tile} incident={incident} detail={detail} mayCommand={mayCommand} />
            </Guarded>
          ))}
        </ol>
      )}
    </section>
  );
};

const Item = ({
  tile,
  incident,
  detail,
  mayCommand,
}: {
  tile: Tile;
  incident: IncidentView;
  detail: AttemptDetail | null;
  mayCommand: boolean;
}) => {
  const { t } = useTranslation('dashboard');
  const weight = classOf(incident);
  const { told, untold } = factWords(incident.facts, t, useLocale());
  const articles = catalogued(incident.kind)?.articles;
  return (
    <li className={classes.item} data-weight={weight} data-panel-incident={incident.id}>
      <IncidentBody incident={incident} who={`${tile.seat} ${tile.examinee.name}`} />
      {incident.attemptId !== tile.attemptId && (
        <p className={classes.elsewhere}>
          <IconTransfer size="1rem" aria-hidden />
          {t('incident.elsewhere')}
        </p>
      )}
      <p className={classes.facts}>
        {articles === undefined
          ? t('incident.unknownKind')
          : t('common:article', { article: articles.join(', ') })}
        {told.map((words) => (
          <span key={words}>
            {' · '}
            {words}
          </span>
        ))}
        {untold > 0 && ` · ${t('fact.untold', { count: untold })}`}
      </p>
      {weight === 'counted' && mayCommand && <Dismiss tile={tile} incident={incident} />}
      {incident.kind === 'identity-mismatch' && detail !== null && (
        <IdentityReview
          tile={tile}
          identity={detail.identity}
          live={incident.evidence}
          mayDecide={mayCommand}
        />
      )}
    </li>
  );
};

/** What becomes of the exam by a dismissal, as the sentence says it. */
const outcomeOf = (tile: Tile): 'reopens' | 'elsewhere' | 'explanation' => {
  if (tile.ended?.kind === 'let-go' && tile.carriedOn !== true) return 'elsewhere';
  return stateOf(tile) === 'closed-copy' && tile.ended === undefined ? 'reopens' : 'explanation';
};

const Dismiss = ({ tile, incident }: { tile: Tile; incident: IncidentView }) => {
  const { t } = useTranslation('dashboard');
  const live = useLive();
  const [open, setOpen] = useState(false);
  const waiting = useRoom((s) =>
    s.commands.some(
      ({ command, attemptId, state }) =>
        attemptId === incident.attemptId &&
        command.type === 'dismiss' &&
        command.incidentId === incident.id &&
        (state === 'sent' || state === 'delivered'),
    ),
  );
  if (waiting) return <p className={classes.waiting}>{t('dismiss.waiting')}</p>;
  if (!open) {
    return (
      <Button variant="default" size="xs" mt="0.5rem" onClick={() => setOpen(true)}>
        {t('dismiss.open')}
      </Button>
    );
  }
  const send = async (reason: string, key: string) => {
    const command: Command = { type: 'dismiss', incidentId: incident.id, reason };
    const problem = await live.send(incident.attemptId, { key, command });
    if (problem === null) setOpen(false);
    return problem;
  };
  return (
    <ReasonForm
      label={t('dismiss.reason')}
      explanation={t(`dismiss.${outcomeOf(tile)}`)}
      suggestions={['dismiss.accident', 'dismiss.sensor', 'dismiss.allowed']}
      submit={t('dismiss.send')}
      onSend={send}
      onCancel={() => setOpen(false)}
    />
  );
};
