import { Checkbox, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { ReasonForm } from '#renderer/dashboard/shell/reason-form.tsx';
import type { Problem } from '#shared/kernel/problem.ts';
import type { EndingKind } from '#shared/wire/command.ts';
import type { Tile } from '#shared/wire/dashboard.ts';

const KINDS: readonly EndingKind[] = ['let-go', 'closed', 'revoked'];

/** Whether it was closed by its count, and no person has decided about the machine yet. */
const closedAtLimit = (tile: Tile): boolean =>
  tile.phase === 'closed' && tile.closedBy === 'copy-attempts' && tile.ended === undefined;

/**
 * Whether staff may decide without the machine: while the exam is not over, or was closed by its count, which a person may
 * still dismiss. What was decided may be put right until somebody goes on elsewhere.
 */
export const mayBeEnded = (tile: Tile): boolean =>
  tile.phase !== 'expected' &&
  tile.carriedOn !== true &&
  (tile.phase !== 'closed' || tile.ended !== undefined || closedAtLimit(tile)) &&
  tile.closedBy !== 'examinee' &&
  tile.closedBy !== 'time';
const SUGGESTIONS = ['ending.reasons.broken', 'ending.reasons.power', 'ending.reasons.left'];

/** What becomes of an attempt whose machine does not answer: no order would reach it. */
export const EndingDialog = ({
  tile,
  opened,
  onSend,
  onClose,
}: {
  tile: Tile;
  opened: boolean;
  /** null when it was taken. */
  onSend: (
    kind: EndingKind,
    reason: string,
    key: string,
    cutOff: boolean,
  ) => Promise<Problem | null>;
  onClose: () => void;
}) => {
  const { t } = useTranslation('dashboard');
  const [kind, setKind] = useState<EndingKind>('let-go');
  const [seen, setSeen] = useState(false);
  const connected = tile.connection === 'online';
  const kinds = closedAtLimit(tile) ? KINDS.slice(0, 1) : KINDS;
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      size="34rem"
      title={t(connected ? 'ending.titleConnected' : 'ending.title', {
        name: tile.examinee.name,
        seat: tile.seat,
      })}
    >
      <Radio.Group
        label={t('ending.what')}
        value={kind}
        onChange={(value) => setKind(KINDS.find((one) => one === value) ?? 'let-go')}
      >
        <Stack gap="xs" my="xs">
          {kinds.map((one) => (
            <Radio
              key={one}
              value={one}
              label={t(`ending.${one}.label`)}
              description={t(`ending.${one}.text`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {closedAtLimit(tile) && (
        <Text size="sm">{t('ending.atLimit', { limit: tile.copyAttemptLimit })}</Text>
      )}
      <ReasonForm
        key={kind}
        label={t('ending.reason')}
        explanation={t('ending.explanation')}
        suggestions={SUGGESTIONS}
        submit={t(`ending.${kind}.send`)}
        danger={kind === 'revoked'}
        ready={!connected || seen}
        onSend={(text, key) => onSend(kind, text, key, connected)}
        onCancel={onClose}
      >
        {connected && (
          <Stack gap="xs" my="xs">
            <Text size="sm">{t('ending.connected')}</Text>
            <Checkbox
              checked={seen}
              label={t('ending.seen')}
              onChange={(event) => setSeen(event.currentTarget.checked)}
            />
          </Stack>
        )}
      </ReasonForm>
    </Dialog>
  );
};
