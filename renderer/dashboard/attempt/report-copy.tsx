import { Button } from '@mantine/core';
import { IconFileDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#renderer/dashboard/shell/shell-context.tsx';
import type { Evidence } from '#shared/incident/incident.ts';
import { createAttemptApi } from './api.ts';
import { hidePlaces } from './hide-places.ts';

/** Saves a still for a report, with the faces of other people made unrecognisable. */
export const ReportCopy = ({ attemptId, still }: { attemptId: string; still: Evidence }) => {
  const { t } = useTranslation('dashboard');
  const api = useApi(createAttemptApi);
  const [state, setState] = useState<'idle' | 'working' | 'failed'>('idle');
  const save = async (): Promise<void> => {
    setState('working');
    try {
      const answer = await fetch(api.evidenceUrl(attemptId, still.hash));
      if (!answer.ok) throw new Error(`${answer.status}`);
      const url = URL.createObjectURL(await hidePlaces(await answer.blob(), still.others ?? []));
      const link = document.createElement('a');
      link.href = url;
      link.download = `evidencia-${still.hash.slice(0, 12)}.jpg`;
      link.click();
      URL.revokeObjectURL(url);
      setState('idle');
    } catch {
      setState('failed');
    }
  };
  return (
    <Button
      variant="default"
      size="xs"
      loading={state === 'working'}
      leftSection={<IconFileDownload size="1rem" aria-hidden />}
      title={t('evidence.reportHint', { count: still.others?.length ?? 0 })}
      onClick={() => void save()}
    >
      {t(state === 'failed' ? 'evidence.reportFailed' : 'evidence.report')}
    </Button>
  );
};
