import { Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { ReasonForm } from '#renderer/dashboard/shell/reason-form.tsx';
import type { Problem } from '#shared/kernel/problem.ts';
import type { EndingKind } from '#shared/wire/command.ts';
import type { Tile } from '#shared/wire/dashboard.ts';

const KINDS: readonly EndingKind[] = ['let-go', 'closed', 'revoked'];
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
  onSend: (kind: EndingKind, reason: string, key: string) => Promise<Problem | null>;
  onClose: () => void;
}) => {
  const { t } = useTranslation('dashboard');
  const [kind, setKind] = useState<EndingKind>('let-go');
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      size="34rem"
      title={t('ending.title', { name: tile.examinee.name, seat: tile.seat })}
    >
      <Radio.Group
        label={t('ending.what')}
        value={kind}
        onChange={(value) => setKind(KINDS.find((one) => one === value) ?? 'let-go')}
      >
        <Stack gap="xs" my="xs">
          {KINDS.map((one) => (
            <Radio
              key={one}
              value={one}
              label={t(`ending.${one}.label`)}
              description={t(`ending.${one}.text`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <ReasonForm
        key={kind}
        label={t('ending.reason')}
        explanation={t('ending.explanation')}
        suggestions={SUGGESTIONS}
        submit={t(`ending.${kind}.send`)}
        danger={kind === 'revoked'}
        onSend={(text, key) => onSend(kind, text, key)}
        onCancel={onClose}
      />
    </Dialog>
  );
};
