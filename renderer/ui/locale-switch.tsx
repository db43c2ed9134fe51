import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Locale } from './i18n.ts';

/** Spanish or English, each named in its own language. */
export const LocaleSwitch = ({ onChange }: { onChange: (locale: Locale) => void }) => {
  const { t, i18n } = useTranslation('common');
  return (
    <SegmentedControl
      aria-label={t('language.label')}
      size="sm"
      value={i18n.language === 'en' ? 'en' : 'es'}
      onChange={(value) => onChange(value === 'en' ? 'en' : 'es')}
      data={[
        { value: 'es', label: t('language.es') },
        { value: 'en', label: t('language.en') },
      ]}
    />
  );
};
