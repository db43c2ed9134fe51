import { NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CameraChoice } from '../camera-choice.ts';
import { useKiosk } from '../kiosk-context.tsx';

/** Which camera is used, on machines with more than one; the choice is kept for the next time. */
export const CameraPicker = () => {
  const { t } = useTranslation('kiosk');
  const { feed } = useKiosk();
  const [choice, setChoice] = useState<CameraChoice>({ all: [], usedId: null });
  const [failed, setFailed] = useState(false);
  useEffect(() => feed.onCameras(setChoice), [feed]);
  if (choice.all.length < 2) return null;

  const choose = async (id: string): Promise<void> => {
    setFailed(false);
    const result = await feed.chooseCamera(id);
    setFailed(!result.ok);
  };
  return (
    <NativeSelect
      size="lg"
      label={t('framing.camera')}
      value={choice.usedId ?? ''}
      data={[
        // None is open: the first of them must be there to be chosen too.
        ...(choice.usedId === null ? [{ value: '', label: '—' }] : []),
        ...choice.all.map(({ id, label }) => ({ value: id, label })),
      ]}
      error={failed && <span role="alert">{t('framing.cameraFailed')}</span>}
      onChange={({ currentTarget }) => {
        if (currentTarget.value !== '') void choose(currentTarget.value);
      }}
    />
  );
};
