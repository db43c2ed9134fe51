import { createTheme, type MantineColorsTuple, mergeThemeOverrides } from '@mantine/core';
import { theme } from '#renderer/ui/theme.ts';

/** Mantine's dark scale (0 text … 7 ground) in the ink of the light side. */
const dark: MantineColorsTuple = [
  '#e8ecf2',
  '#ccd5e0',
  '#aebacb',
  '#94a3b8',
  '#35455c',
  '#26344a',
  '#1a2636',
  '#0e1622',
  '#0a111b',
  '#070c14',
];

export const dashboardTheme = mergeThemeOverrides(
  theme,
  createTheme({
    colors: { dark },
    // White on it stays readable in both variants (5.6:1); the lighter one of the dark side does not.
    primaryShade: 7,
    defaultRadius: 'sm',
    components: {
      Button: { defaultProps: { size: 'sm' } },
      // The ring of the focus leaves the label alone.
      InputWrapper: { styles: { label: { marginBottom: '0.375rem' } } },
      // A finger of 24 px (WCAG 2.5.8) in a bar that stays low.
      SegmentedControl: {
        styles: {
          label: { paddingBlock: '0.3125rem' },
          // In a line of text an icon would pull its word upwards.
          innerLabel: { display: 'flex', justifyContent: 'center' },
        },
      },
      Switch: { styles: { body: { paddingBlock: '0.25rem' } } },
      Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    },
  }),
);
