import { type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

/** Names the page in the browser's tab and history. @param screen never a person's name: histories are read by others. */
export const usePageTitle = (screen: string): void => {
  const { t } = useTranslation('dashboard');
  const title = t('pageTitle', { screen });
  useEffect(() => {
    document.title = title;
  }, [title]);
};

/**
 * A screen's heading takes the focus when the screen appears and nothing else has it, so that a screen
 * reader says where the person is and Tab goes on from there.
 */
export const useHeadingFocus = (): RefObject<HTMLHeadingElement | null> => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const { activeElement, body } = document;
    if (activeElement === null || activeElement === body) {
      heading.current?.focus({ preventScroll: true });
    }
  }, []);
  return heading;
};
