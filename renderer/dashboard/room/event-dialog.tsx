import { Checkbox, NumberInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { orderKeys } from '#renderer/dashboard/shell/order-key.ts';
import { ReasonForm } from '#renderer/dashboard/shell/reason-form.tsx';
import type { Place } from '#renderer/dashboard/shell/routes.ts';
import { useApi, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatClock } from '#renderer/ui/time-format.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import { MAX_EXTRA_MS } from '#shared/wire/command.ts';
import type { RefusedDismissal } from '#shared/wire/room-dismissal.ts';
import type { RoomEventView } from '#shared/wire/room-event-view.ts';
import { createRoomApi } from './api.ts';
import classes from './event-dialog.module.css';
import { attemptKey, type EventAttempt, reopening } from './event-sum.ts';

const SUGGESTIONS = ['power', 'notice', 'entered', 'network'].map((cause) => `roomEvent.${cause}`);

/** Decides the copy attempts of one event of the room together: one reason, all of the ticked ones or none. */
export const EventDialog = ({
  place,
  event,
  what,
  attempts,
  onClose,
}: {
  place: Place;
  event: RoomEventView;
  what: string;
  attempts: readonly EventAttempt[];
  onClose: () => void;
}) => {
  const { t } = useTranslation('dashboard');
  const api = useApi(createRoomApi);
  const locale = useLocale();
  const [keyFor] = useState(() => orderKeys());
  /** What the person changed of what is proposed. */
  const [ticks, setTicks] = useState<Readonly<Record<string, boolean>>>({});
  const [extra, setExtra] = useState<number | string>(0);
  const [refused, setRefused] = useState<readonly RefusedDismissal[]>([]);
  const [nobody, setNobody] = useState(false);
  const standing = attempts.filter(({ state }) => state === 'stands');
  const isTicked = (one: EventAttempt): boolean => ticks[attemptKey(one)] ?? one.apart === null;
  const chosen = standing.filter(isTicked);
  const reopens = useMemo(() => reopening(chosen), [chosen]);
  const extraMs = Math.min(MAX_EXTRA_MS, Math.max(0, Math.round(Number(extra) || 0) * MINUTE));

  const send = async (reason: string): Promise<Problem | null> => {
    setRefused([]);
    setNobody(chosen.length === 0);
    if (chosen.length === 0) return { code: 'bad-request' };
    const order = {
      kind: event.kind,
      reason,
      extraMs: reopens.size > 0 ? extraMs : 0,
      attempts: chosen.map(({ attemptId, incidentId }) => ({ attemptId, incidentId })),
    };
    const answer = await api.dismiss(place, { key: keyFor(JSON.stringify(order)), ...order });
    if (!answer.ok) return answer.error;
    if (answer.value.refused.length === 0) {
      onClose();
      return null;
    }
    setRefused(answer.value.refused);
    setTicks((now) => ({
      ...now,
      ...Object.fromEntries(answer.value.refused.map((one) => [attemptKey(one), false])),
    }));
    return { code: 'conflict' };
  };

  const seatOf = (attemptId: string): string =>
    attempts.find((one) => one.attemptId === attemptId)?.tile?.seat ?? '?';

  return (
    <Dialog
      opened
      onClose={onClose}
      size="38rem"
      title={t('roomEvent.dialog', {
        what,
        count: event.seats,
        time: formatClock(event.startedAt, locale, true),
      })}
    >
      <ReasonForm
        label={t('roomEvent.reason')}
        explanation={t('roomEvent.explanation')}
        suggestions={SUGGESTIONS}
        submit={t('roomEvent.send', { count: chosen.length })}
        onSend={send}
        onCancel={onClose}
      >
        <fieldset className={classes.list}>
          <legend className={classes.legend}>{t('roomEvent.which')}</legend>
          {standing.map((one) => (
            <Checkbox
              key={attemptKey(one)}
              size="sm"
              checked={isTicked(one)}
              data-event-attempt={attemptKey(one)}
              onChange={({ currentTarget: { checked } }) => {
                setNobody(false);
                setTicks((now) => ({ ...now, [attemptKey(one)]: checked }));
              }}
              label={
                <>
                  <strong>{one.tile?.seat ?? '?'}</strong> {one.tile?.examinee.name}
                  {` · ${t('roomEvent.number', { number: one.number })}`}
                  {reopens.has(one.attemptId) && isTicked(one) && ` · ${t('roomEvent.reopens')}`}
                </>
              }
              description={one.apart === null ? undefined : t(`roomEvent.${one.apart}`)}
            />
          ))}
        </fieldset>
        {reopens.size > 0 && (
          <NumberInput
            className={classes.extra ?? ''}
            hideControls
            label={t('roomEvent.extra')}
            description={t('roomEvent.extraHint')}
            value={extra}
            onChange={setExtra}
            min={0}
            max={MAX_EXTRA_MS / MINUTE}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="strict"
          />
        )}
        <div role="alert">
          {nobody && <p className={classes.refused}>{t('roomEvent.none')}</p>}
          {refused.length > 0 && (
            <div className={classes.refused} data-refused>
              <p>{t('roomEvent.refused')}</p>
              <ul>
                {refused.map((one) => (
                  <li key={attemptKey(one)}>
                    {t('seat')} {seatOf(one.attemptId)}: {t(`roomEvent.why.${one.why}`)}
                  </li>
                ))}
              </ul>
            </div>
          )}
        </div>
      </ReasonForm>
    </Dialog>
  );
};
