import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Ink-blue neutrals: the ground of both surfaces. */
const ink: MantineColorsTuple = [
  '#f4f6f9',
  '#e8ecf2',
  '#d3dae5',
  '#aebacb',
  '#8494ab',
  '#617289',
  '#46566d',
  '#314056',
  '#1f2c40',
  '#121c2c',
];

/** The one accent. Index 7 carries white text at 5.6:1. */
const teal: MantineColorsTuple = [
  '#e6f6f5',
  '#cdeae8',
  '#9cd6d2',
  '#66c0ba',
  '#3aaca5',
  '#1c9d95',
  '#0a8880',
  '#04736c',
  '#005b56',
  '#00423e',
];

/** "Look here": warnings and things that a person should decide. */
const amber: MantineColorsTuple = [
  '#fff6e0',
  '#ffebc2',
  '#ffd988',
  '#ffc64b',
  '#fbb51c',
  '#e09a00',
  '#b87a00',
  '#8f5c00',
  '#6b4500',
  '#4a3000',
];

/** Only for a counted copy attempt and a closed exam, never as decoration. */
const alarm: MantineColorsTuple = [
  '#fdeceb',
  '#f9d4d2',
  '#f2a8a4',
  '#e97a74',
  '#df534b',
  '#cf3730',
  '#b72a24',
  '#9a1f1a',
  '#7a1713',
  '#56100d',
];

/** The look of Atalaya (kiosk and dashboard): calm, exact, readable from two metres. */
export const theme = createTheme({
  colors: { ink, teal, amber, alarm },
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 5 },
  black: ink[9],
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
});
