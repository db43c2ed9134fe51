import { notifications } from '@mantine/notifications';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { AttemptState } from '#shared/attempt/attempt-state.ts';
import { copyAttempts } from '../../selectors.ts';

const SHOWN_MS = 20_000;

/** Tells the examinee that a person withdrew a copy attempt, and why; good news needs no click. */
export const useDismissalNews = (attempt: AttemptState | null): void => {
  const { t } = useTranslation('kiosk');
  const known = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => {
    if (attempt === null) {
      known.current = null;
      return;
    }
    const dismissed = [
      ...copyAttempts(attempt).flatMap(({ id, dismissed: how }) =>
        how === null ? [] : [{ id, reason: how.reason }],
      ),
      ...(attempt.carriedDismissed ?? []),
    ];
    for (const { id, reason } of dismissed) {
      if (known.current === null || known.current.has(id)) continue;
      notifications.show({
        id,
        title: t('notice.dismissed'),
        message: t('notice.dismissedText', { reason }),
        color: 'teal',
        autoClose: SHOWN_MS,
        withCloseButton: false,
      });
    }
    known.current = new Set(dismissed.map(({ id }) => id));
  }, [attempt, t]);
};
