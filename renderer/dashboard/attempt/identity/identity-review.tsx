import { Button } from '@mantine/core';
import { IconIdBadge2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoom } from '#renderer/dashboard/live/live-context.ts';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import type { Evidence } from '#shared/incident/incident.ts';
import type { AttemptIdentity } from '#shared/wire/attempt-identity.ts';
import type { Tile } from '#shared/wire/dashboard.ts';
import { ComparePictures } from './compare-pictures.tsx';
import { DecisionForm } from './decision-form.tsx';
import classes from './identity-review.module.css';

/**
 * The way to compare pictures and, for whoever may, to decide who sits there.
 * @param live stills to compare: of the last check, or of an incident in the exam.
 */
export const IdentityReview = ({
  tile,
  identity,
  live,
  mayDecide,
}: {
  tile: Tile;
  identity: AttemptIdentity;
  live: readonly Evidence[];
  mayDecide: boolean;
}) => {
  const { t } = useTranslation('dashboard');
  const [open, setOpen] = useState(false);
  const waiting = useRoom((s) =>
    s.commands.some(
      ({ command, attemptId, state }) =>
        attemptId === tile.attemptId &&
        command.type === 'identity' &&
        (state === 'sent' || state === 'delivered'),
    ),
  );
  // An open dialog stays: a colleague's order must not take the form from under somebody's hands.
  if (waiting && !open) return <p className={classes.waiting}>{t('identity.waiting')}</p>;
  const decides = mayDecide && tile.phase !== 'closed';
  // Where the room checks documents there are no pictures: what is kept is who confirmed it, and on what.
  const byHand = identity.settings.check === 'by-hand' && live.length === 0;
  if (byHand && !decides) return null;
  const first = byHand ? 'confirm' : 'open';
  const word = !decides ? 'look' : identity.decision === null ? first : 'openAgain';
  return (
    <>
      <Button
        size="xs"
        mt="0.5rem"
        variant={decides && tile.identity === 'needs-person' ? 'filled' : 'default'}
        leftSection={<IconIdBadge2 size="1rem" aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t(`identity.${word}`)}
      </Button>
      <Dialog
        opened={open}
        onClose={() => setOpen(false)}
        size={byHand ? '34rem' : '64rem'}
        title={t('identity.dialog', { name: tile.examinee.name, seat: tile.seat })}
      >
        <div className={classes.review}>
          {!byHand && <ComparePictures tile={tile} identity={identity} live={live} />}
          {decides && <DecisionForm tile={tile} onDone={() => setOpen(false)} />}
        </div>
      </Dialog>
    </>
  );
};
