import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun, IconVolume, IconVolumeOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { changeLocale } from './dashboard-locale.ts';
import { useApp, useLocale, useShell } from './shell-context.tsx';
import classes from './switches.module.css';

/** Light or dark, for dim rooms. */
export const SchemeSwitch = () => {
  const { t } = useTranslation('dashboard');
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const label = t(dark ? 'switch.toLight' : 'switch.toDark');
  return (
    <Tooltip label={label}>
      <ActionIcon
        className={classes.tool ?? ''}
        variant="transparent"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        {dark ? <IconSun size="1.25rem" /> : <IconMoon size="1.25rem" />}
      </ActionIcon>
    </Tooltip>
  );
};

/** The other language, named in itself. */
export const LanguageSwitch = () => {
  const { t, i18n } = useTranslation('common');
  const other = useLocale() === 'es' ? 'en' : 'es';
  return (
    <button
      type="button"
      className={classes.tool}
      lang={other}
      onClick={() => changeLocale(i18n, other)}
    >
      {t(`language.${other}`)}
    </button>
  );
};

/** Sound for news: off until somebody wants it, and never the only sign. */
export const SoundSwitch = () => {
  const { t } = useTranslation('dashboard');
  const shell = useShell();
  const on = useApp((s) => s.sound);
  const label = t(on ? 'switch.soundOff' : 'switch.soundOn');
  return (
    <Tooltip label={label}>
      <button
        type="button"
        className={classes.tool}
        data-sound={on}
        onClick={() => shell.setSound(!on)}
      >
        {on ? (
          <IconVolume size="1.25rem" aria-hidden />
        ) : (
          <IconVolumeOff size="1.25rem" aria-hidden />
        )}
        <span>{t(on ? 'switch.soundIsOn' : 'switch.soundIsOff')}</span>
      </button>
    </Tooltip>
  );
};
