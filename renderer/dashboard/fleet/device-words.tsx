import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconShieldOff,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DeviceRow } from '#shared/wire/devices.ts';
import classes from './devices.module.css';

type Look = 'ok' | 'look' | 'alarm' | 'quiet';

const MARK = {
  ok: IconCircleCheck,
  warnings: IconAlertTriangle,
  blocked: IconCircleX,
  revoked: IconBan,
  none: IconCircleDashed,
} as const;
const LOOK: Readonly<Record<keyof typeof MARK, Look>> = {
  ok: 'ok',
  warnings: 'look',
  blocked: 'look',
  revoked: 'quiet',
  none: 'quiet',
};

/** How a device stands: a word and a sign, never the colour alone. */
export const DeviceState = ({ device }: { device: DeviceRow }) => {
  const { t } = useTranslation(['fleet', 'passport']);
  const verdict = device.passport?.verdict ?? 'none';
  const key = device.revoked === null ? verdict : 'revoked';
  const Icon = MARK[key];
  const word =
    key === 'revoked'
      ? t('revokedState')
      : key === 'none'
        ? t('noPassport')
        : t(`passport:verdict.${key}`);
  return (
    <span className={classes.mark} data-look={LOOK[key]}>
      <Icon size="1.125rem" aria-hidden />
      {word}
    </span>
  );
};

/** Only what a person has to look at is said in the table; the rest is in the device's panel. */
export const BuildMark = ({ device }: { device: DeviceRow }) => {
  const { t } = useTranslation('fleet');
  if (device.passport?.buildState !== 'not-allowed') return null;
  return (
    <span className={classes.mark} data-look="look">
      <IconShieldOff size="1.125rem" aria-hidden />
      {t('buildState.not-allowed')}
    </span>
  );
};
