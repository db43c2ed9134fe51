import { Button, Modal, mergeThemeOverrides, PasswordInput, TextInput } from '@mantine/core';
import { theme } from '#renderer/ui/theme.ts';

/** The common theme with the kiosk's sizes: nothing to press is smaller than 44 px. */
export const kioskTheme = mergeThemeOverrides(theme, {
  components: {
    Button: Button.extend({
      defaultProps: { size: 'md' },
      styles: { root: { minHeight: '2.75rem' } },
    }),
    TextInput: TextInput.extend({ defaultProps: { size: 'md' } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'md' } }),
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        withCloseButton: false,
        closeOnClickOutside: false,
        radius: 'lg',
        transitionProps: { duration: 120, transition: 'fade' },
        overlayProps: { backgroundOpacity: 0.55, color: '#121c2c' },
      },
    }),
  },
});
