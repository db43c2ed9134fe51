import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconBan,
  IconBattery1,
  IconCamera,
  IconCircleCheck,
  IconClockStop,
  IconDeviceLaptop,
  IconEye,
  IconFileText,
  IconHourglass,
  IconIdBadge2,
  IconLink,
  IconLock,
  IconLockOpen,
  IconMessageReport,
  IconPencil,
  IconPlayerPause,
  IconPlug,
  IconShieldOff,
  IconUnlink,
  IconUserQuestion,
  IconWifiOff,
} from '@tabler/icons-react';
import type { Attention, IncidentClass, StateKey } from '../tile-state.ts';

export const STATE_ICON: Readonly<Record<StateKey, typeof IconLock>> = {
  expected: IconUserQuestion,
  'device-check': IconDeviceLaptop,
  rules: IconFileText,
  framing: IconCamera,
  identity: IconIdBadge2,
  waiting: IconHourglass,
  'in-progress': IconPencil,
  paused: IconPlayerPause,
  submitted: IconCircleCheck,
  'timed-out': IconClockStop,
  'closed-copy': IconLock,
  'closed-proctor': IconLock,
};

export const CLASS_ICON: Readonly<Record<IncidentClass, typeof IconLock>> = {
  counted: IconAlertOctagon,
  'same-act': IconLink,
  dismissed: IconBan,
  review: IconEye,
  technical: IconPlug,
};

export const ATTENTION_ICON: Readonly<Record<Attention, typeof IconLock>> = {
  'chain-broken': IconUnlink,
  'chain-gap': IconUnlink,
  'closed-copy': IconLock,
  objection: IconMessageReport,
  offline: IconWifiOff,
  'last-chance': IconAlertTriangle,
  incident: IconAlertTriangle,
  released: IconLockOpen,
  build: IconShieldOff,
  battery: IconBattery1,
};
