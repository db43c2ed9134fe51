import { type CatalogueEntry, entry } from './catalogue-entry.ts';
import { USUAL_THRESHOLDS } from './identity-thresholds.ts';
import { type IncidentKind, isIncidentKind, type KindName } from './kind.ts';
import { type KindPolicy, kindPolicy, type Policy, type RoomEventRule } from './policy.ts';

/**
 * Every kind that the regulations name, with its articles and default policy: effect, minimum
 * duration, moment of the warning, and the break that does not count as one (all ms). The one place
 * for these numbers; a copy of them travels in each attempt's ledger.
 */
export const CATALOGUE: Readonly<Record<IncidentKind, CatalogueEntry>> = {
  'focus-lost': entry(
    ['29c'],
    'machine',
    'none',
    ['count', 300, null, 400],
    'System notices take the focus for some 100 ms without anybody acting; 0.4 s back and away again is the same switch of windows.',
  ),
  'forbidden-app': entry(
    ['3d', '29a', '29m'],
    'machine',
    'blocks',
    ['count', 1_000, null, 2_000],
    'A program that starts and dies by itself within a second was not used; listings of processes miss one now and then.',
  ),
  screenshot: entry(
    ['3d', '29h', '29r'],
    'machine',
    'none',
    ['count', 0, null, 1_000],
    'A single act. A held key repeats some 30 times a second and is one act.',
  ),
  'screen-share': entry(
    ['29h'],
    'machine',
    'blocks',
    ['count', 1_000, null, 2_000],
    'A capture that runs for a second is on; shorter is a probe of the system.',
  ),
  clipboard: entry(
    ['29r'],
    'machine',
    'none',
    ['count', 0, null, 1_000],
    'A single act. A held key is one act.',
  ),
  print: entry(
    ['29r'],
    'machine',
    'none',
    ['count', 0, null, 1_000],
    'A single act. The key and the dialog that it opens are one act.',
  ),
  'outside-input': entry(
    ['29j'],
    'machine',
    'none',
    ['review', 0, null, 1_000],
    'A blocked shortcut changed nothing and is easily hit by mistake; with a lost focus it belongs to the same episode, and that counts.',
  ),
  'extra-display': entry(
    ['29p'],
    'machine',
    'blocks',
    ['count', 1_000, null, 2_000],
    'Displays vanish and come back for moments when the system re-arranges them.',
  ),
  peripheral: entry(
    ['29q'],
    'machine',
    'blocks',
    ['count', 1_000, null, 2_000],
    'A device that enumerates again goes and comes within a second.',
  ),
  'remote-session': entry(
    ['29n'],
    'machine',
    'blocks',
    ['count', 1_000, null, 5_000],
    'A remote program that lives for a second is running; it is looked for every few seconds.',
  ),
  'virtual-machine': entry(
    ['29n'],
    'machine',
    'blocks',
    ['review', 0, null, 5_000],
    'Settled before the start; noticed late, it is for people to judge.',
  ),
  'second-session': entry(
    ['29l', '35l'],
    'identity',
    'blocks',
    ['review', 0, null, 1_000],
    'The server refuses the second session; who tried is for people to find out.',
  ),
  'second-ip': entry(
    ['29l', '35l'],
    'identity',
    'blocks',
    ['review', 0, null, 60_000],
    'Networks change addresses by themselves (mobile data, a room that changes its line).',
  ),
  'not-a-computer': entry(
    ['29k'],
    'machine',
    'blocks',
    ['review', 0, null, 5_000],
    'Settled before the start; it cannot change during an exam.',
  ),
  'camera-off': entry(
    ['26d', '29d'],
    'camera',
    'blocks',
    ['count', 3_000, 1_000, 1_000],
    'A camera that the system restarts is back within 3 s.',
  ),
  'camera-covered': entry(
    ['29d', '29s'],
    'camera',
    'blocks',
    ['count', 5_000, 2_000, 1_000],
    'A hand or a sheet of paper passes the lens in less than 5 s.',
  ),
  'camera-frozen': entry(
    ['29d', '29s'],
    'camera',
    'blocks',
    ['count', 5_000, null, 0],
    'A live sensor always has noise: one changed frame proves that the picture lives, so any break ends it.',
  ),
  'no-face': entry(
    ['27a', '29e'],
    'camera',
    'blocks',
    ['count', 5_000, 2_500, 1_000],
    'Picking something up takes less than 5 s. The detector sees a face in an empty picture in 3-5 % of frames, one frame at a time: a single sighting of under 1 s is no return.',
  ),
  'off-frame': entry(
    ['25c', '29e'],
    'camera',
    'guides',
    ['count', 10_000, 4_000, 1_000],
    'People slide down in their seats without noticing: they are told, and have 6 s to sit up.',
  ),
  'turned-away': entry(
    ['29e'],
    'camera',
    'none',
    ['count', 5_000, 3_000, 600],
    'The article says prolonged. A look back of 0.6 s or more is a real one and starts the time anew; one frame of the detector is not.',
  ),
  'several-faces': entry(
    ['26e', '27f', '29f'],
    'camera',
    'blocks',
    ['count', 1_500, null, 1_000],
    'Somebody who walks by is gone after about a second; a small face behind is missed by the detector now and then.',
  ),
  'low-light': entry(
    ['26b', '29i'],
    'camera',
    'guides',
    ['review', 10_000, 4_000, 1_000],
    'Clouds and automatic exposure; whether it was intended, as the article asks, only a person can tell.',
  ),
  'virtual-background': entry(
    ['29o'],
    'camera',
    'blocks',
    ['review', 5_000, null, 2_000],
    'Artefacts of a background look like artefacts of a poor camera.',
  ),
  'virtual-camera': entry(
    ['29o'],
    'camera',
    'blocks',
    ['review', 0, null, 5_000],
    "A driver's name is a hint, not a proof.",
  ),
  'identity-mismatch': entry(
    ['21', '29s'],
    'identity',
    'blocks',
    ['review', 0, null, 30_000],
    'The sensor takes the median of several samples; even so about 1 in 100 of the right persons is refused. A person decides.',
  ),
  'prohibited-object': entry(
    ['27b', '27d', '27h', '29g'],
    'camera',
    'guides',
    ['review', 3_000, null, 2_000],
    'Object models mistake a wallet for a phone; a person looks at the picture.',
  ),
  'room-scan-refused': entry(
    ['26f'],
    'camera',
    'none',
    ['review', 0, null, 1_000],
    'Whether the surroundings were shown is for the proctor who asked.',
  ),
  manual: entry(
    ['27', '39m'],
    'person',
    'none',
    ['review', 0, null, 0],
    'Stated by a proctor, who decides what it is.',
  ),
  'connectivity-lost': entry(
    ['3j', '19'],
    'technical',
    'none',
    ['review', 15_000, null, 5_000],
    'Three heartbeats missed. Technical: on record for the right to another date, never held against anybody.',
  ),
  'device-failure': entry(
    ['3j', '19'],
    'technical',
    'none',
    ['review', 5_000, null, 2_000],
    'A page that reloads is back within 5 s. Technical, never counts.',
  ),
  power: entry(
    ['3j', '19'],
    'technical',
    'none',
    ['review', 0, null, 5_000],
    'Technical, never counts.',
  ),
  platform: entry(
    ['3j', '19'],
    'technical',
    'none',
    ['review', 0, null, 5_000],
    'Technical, never counts.',
  ),
};

const kindsInOrder = Object.keys(CATALOGUE) as readonly IncidentKind[];

/** What the catalogue says of a kind; null when this build does not know it. */
export const catalogued = (kind: KindName): CatalogueEntry | null =>
  isIncidentKind(kind) ? CATALOGUE[kind] : null;

/** Whether a kind can only be known through the examinee's camera: nothing to judge for the exempt (Art. 26d). */
export const needsCamera = (kind: KindName): boolean =>
  catalogued(kind)?.family === 'camera' || kind === 'identity-mismatch';

/** Whether an incident of this kind counts towards a copy attempt. A technical one never does, whatever the policy says (Art. 3j, 19). */
export const counts = (kind: IncidentKind, policy: Policy): boolean =>
  CATALOGUE[kind].family !== 'technical' && kindPolicy(policy, kind).effect === 'count';

/**
 * When the same of several seats is one event of the room. Two neighbours who do the same at once may have agreed on it, three
 * seldom do within seconds; in a large room three do the same by chance now and then, a fifth of it does not. What one cause
 * does is seen within ten seconds: programs, displays and devices are listed every few seconds, people turn round within as
 * long, and estimates of the server's clock differ by less than one.
 */
const ROOM_EVENT: RoomEventRule = { seats: 3, oneIn: 5, windowMs: 10_000 };

/**
 * No event of a room is longer, ms. What happens to a room is over in seconds: somebody walks by the last row half a minute after
 * the first, an alarm has made all stand up by then. Without an end, acts that have nothing to do with each other would hang
 * together one by one for a whole exam, and be proposed for dismissal at once.
 */
export const ROOM_EVENT_LONGEST_MS = 30_000;

/** The rules as the instruction has them: three copy attempts close the exam (Art. 70). */
export const DEFAULT_POLICY: Policy & {
  readonly roomEvent: RoomEventRule;
  readonly kinds: Readonly<Record<IncidentKind, KindPolicy>>;
} = {
  version: 2,
  copyAttemptLimit: 3,
  cameraExempt: false,
  // Standing up is turned-away, off-frame, no-face one after the other, each some seconds after the last.
  episodeGapMs: 5_000,
  // Between families only what one movement of the hand causes hangs together: alt-tab and its key, a pulled camera.
  episodeCrossGapMs: 3_000,
  // Longer than any single act takes to show in all its signals, short enough that nothing hides in it.
  episodeMaxMs: 30_000,
  // Sitting down, moving the chair and looking up takes some seconds (at most a minute may be given: a grace is time in
  // which nobody watches). A camera that gives nothing to judge for a minute is a person's matter.
  gate: { graceMs: 10_000, pictureMs: 60_000 },
  // Read by the server alone: no kiosk knows of the others.
  roomEvent: ROOM_EVENT,
  identity: USUAL_THRESHOLDS,
  kinds: Object.fromEntries(kindsInOrder.map((kind) => [kind, CATALOGUE[kind].policy])) as Readonly<
    Record<IncidentKind, KindPolicy>
  >,
};
