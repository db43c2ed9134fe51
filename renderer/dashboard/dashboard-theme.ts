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
    defaultRadius: 'sm',
    components: {
      Button: { defaultProps: { size: 'sm' } },
      Modal: { styles: { title: { fontSize: '1.0625rem', fontWeight: 650, lineHeight: 1.35 } } },
      Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    },
  }),
);
