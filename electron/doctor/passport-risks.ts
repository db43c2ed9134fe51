import { lackOf, type Reading, toldOf } from '#shared/incident/reading.ts';
import type {
  PassportPart,
  PassportRisk,
  PassportRiskId,
  PassportUnread,
} from '#shared/wire/passport.ts';

/** What a machine tells of itself, as the doctor reads it. Empty words: the system does not tell. */
export interface MachineFacts {
  readonly manufacturer: string;
  readonly model: string;
  readonly system: string;
  readonly architecture: string;
  readonly processor: string;
  readonly memoryMb: number;
  /** Looks like a guest of this; null for a machine of its own. */
  readonly virtualHost: Reading<string | null>;
  /** Names of running programs. */
  readonly programs: Reading<readonly string[]>;
  /** Names of graphics adapters. */
  readonly graphics: Reading<readonly string[]>;
  readonly cameras: Reading<number>;
  /** Where the kiosk stores, MiB. */
  readonly freeDiskMb: Reading<number>;
  /** What the battery holds of what it held when new, 0..1; null where there is no battery. */
  readonly batteryHealth: Reading<number | null>;
}

/** Less than this makes Chromium and the face models wait for the disk, MiB. */
const LEAST_MEMORY_MB = 3_500;
/** An exam stores some tens of MiB; an update needs more, MiB. */
const LEAST_DISK_MB = 1_000;
const WORN_BATTERY = 0.5;
const MOST_NAMES = 10;

/** Executables without folder and `.exe`, small letters. */
const PROGRAMS: Readonly<Partial<Record<PassportRiskId, readonly string[]>>> = {
  'clipboard-manager': [
    ...['copyq', 'clipit', 'parcellite', 'klipper', 'gpaste-daemon', 'diodon', 'greenclip'],
    ...['xfce4-clipman', 'clipmenud', 'cliphist', 'ditto', 'clipboardfusion', 'arsclip'],
    ...['maccy', 'copyclip', 'flycut'],
  ],
  'assistive-technology': [
    ...['orca', 'onboard', 'kmag', 'nvda', 'jfw', 'zoomtext', 'snova', 'narrator', 'magnify'],
    ...['osk', 'voiceover', 'voiceaccess'],
  ],
  'classroom-tool': [
    ...['veyon-server', 'veyon-service', 'veyon-worker', 'epoptes-client', 'client32'],
    ...['italc_ica', 'lskhelper', 'lskdlldeploy', 'smartsyncstudent'],
  ],
  'remote-tool': [
    ...['anydesk', 'teamviewer', 'teamviewer_service', 'teamviewerd', 'rustdesk', 'x11vnc'],
    ...['x0vncserver', 'tvnserver', 'winvnc4', 'vncserver', 'remoting_host', 'xrdp', 'krfb'],
    ...['gnome-remote-desktop-daemon', 'parsecd', 'dwagent', 'dwagsvc', 'quickassist'],
    ...['ultraviewer_desktop', 'ultraviewer_service', 'srservice', 'chrome-remote-desktop'],
  ],
};

/** Adapters that make displays nobody can see on the desk. */
const VIRTUAL_DISPLAY =
  /virtual display|idd ?(sample|driver)|indirect display|displaylink|spacedesk|parsec|usb mobile monitor|iddcx|amyuni|duet/i;

const plain = (name: string): string =>
  name
    .toLowerCase()
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.exe$/, '') ?? '';

/**
 * What on the machine may look like cheating and is none, or may stop an exam, so that it is known the day
 * before. Judges nothing: each has a sentence and its mend.
 */
export const passportRisks = (facts: MachineFacts): readonly PassportRisk[] => {
  const running = new Set((toldOf(facts.programs) ?? []).map(plain));
  const risks: PassportRisk[] = [];
  const add = (id: PassportRiskId, names: readonly string[] = []): void => {
    const short = names.slice(0, MOST_NAMES).map((name) => name.slice(0, 80));
    risks.push({ id, names: short });
  };
  for (const [id, programs] of Object.entries(PROGRAMS)) {
    const found = programs.filter((program) => running.has(program));
    if (found.length > 0) add(id as PassportRiskId, found);
  }
  const virtual = (toldOf(facts.graphics) ?? []).filter((name) => VIRTUAL_DISPLAY.test(name));
  if (virtual.length > 0) add('virtual-display', virtual);
  const host = toldOf(facts.virtualHost);
  if (host !== null) add('virtual-machine', [host]);
  if (toldOf(facts.cameras) === 0) add('no-camera');
  if (facts.memoryMb > 0 && facts.memoryMb < LEAST_MEMORY_MB) add('little-memory');
  const diskMb = toldOf(facts.freeDiskMb);
  if (diskMb !== null && diskMb < LEAST_DISK_MB) add('little-disk');
  const health = toldOf(facts.batteryHealth);
  if (health !== null && health < WORN_BATTERY) add('worn-battery');
  return risks;
};

/** What was looked for and not told, or only in part: "nothing was found" is not said of it. */
export const passportUnread = (facts: MachineFacts): readonly PassportUnread[] => {
  const parts: Readonly<Record<PassportPart, Reading<unknown>>> = {
    programs: facts.programs,
    graphics: facts.graphics,
    hardware: facts.virtualHost,
    cameras: facts.cameras,
    disk: facts.freeDiskMb,
    battery: facts.batteryHealth,
  };
  return Object.entries(parts).flatMap(([part, reading]) => {
    const reason = lackOf(reading);
    return reason === null ? [] : [{ part: part as PassportPart, reason }];
  });
};
