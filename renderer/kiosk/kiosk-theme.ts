import { Button, InputWrapper, mergeThemeOverrides } from '@mantine/core';
import { theme } from '#renderer/ui/theme.ts';

/** The common theme with the kiosk's sizes: nothing to press is smaller than 44 px. */
export const kioskTheme = mergeThemeOverrides(theme, {
  components: {
    Button: Button.extend({
      defaultProps: { size: 'md' },
      styles: { root: { minHeight: '2.75rem' } },
    }),
    InputWrapper: InputWrapper.extend({
      styles: {
        label: { marginBottom: '0.375rem' },
        description: { marginBottom: '0.375rem', marginTop: 0, fontSize: '0.9375rem' },
        error: { fontSize: '0.9375rem' },
      },
    }),
  },
});
