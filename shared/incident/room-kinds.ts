import { DEFAULT_POLICY } from './catalogue.ts';
import { type IncidentKind, isIncidentKind, type KindName } from './kind.ts';
import type { Policy, RoomEventRule } from './policy.ts';

/** Whether several seats that state a kind at once may have one cause outside of them. */
export interface RoomKind {
  /** `room`: they may. `seat`: it is what a hand, a head or a program of that very seat does, and stays one by one. */
  readonly cause: 'room' | 'seat';
  /** What that cause may be, or why there is none, for whoever wants to change it. */
  readonly reason: string;
}

const room = (reason: string): RoomKind => ({ cause: 'room', reason });
const seat = (reason: string): RoomKind => ({ cause: 'seat', reason });

/**
 * Which kinds can be an event of the room. In doubt not: what stays apart is decided one by one and nothing is lost by it,
 * while a group hides what several have agreed on (a call on the phone, a text that is passed on).
 */
export const ROOM_KINDS: Readonly<Record<IncidentKind, RoomKind>> = {
  'focus-lost': room(
    'A notification or an update of the system takes the focus on every machine of one image.',
  ),
  'forbidden-app': room(
    'A task of the system that is due at one hour opens its window on every machine of one image.',
  ),
  screenshot: seat('A key, and a hand that presses it.'),
  'screen-share': room(
    'A console of the laboratory begins to show or to record all screens at once.',
  ),
  clipboard: seat(
    'What was copied or pasted was chosen there; a text that goes round is what several agree on.',
  ),
  print: seat('A key or a menu, and a hand.'),
  'outside-input': seat('Keys, and a hand that presses them.'),
  'extra-display': room(
    'After a dip of the current, monitors and docks of one line come back together.',
  ),
  peripheral: room('After a dip of the current, hubs and docks of one line come back together.'),
  'remote-session': seat('Help from outside for several seats is how fraud for money looks.'),
  'virtual-machine': seat('Settled at each machine before the start.'),
  'second-session': seat('Somebody who signs in with the name of one.'),
  'second-ip': room("The room's line changes, and with it the address of all who use it."),
  'not-a-computer': seat('Settled at each machine before the start.'),
  'camera-off': room('A driver that is renewed, or a line of hubs that loses its current.'),
  'camera-covered': room('In the full dark of a power cut no camera sees any structure.'),
  'camera-frozen': room(
    'A task of the system that is due at one hour stalls the camera on every machine of one image.',
  ),
  'no-face': room('An alarm or an earthquake: all stand up.'),
  'off-frame': room('All bend or rise to see what happened.'),
  'turned-away': room('Somebody enters or a noise is heard: all turn round.'),
  'several-faces': room('Somebody walks in and passes behind a row.'),
  'low-light': room('The lights go out.'),
  'virtual-background': seat('A setting of that machine.'),
  'virtual-camera': seat('A driver of that machine.'),
  'identity-mismatch': seat('Who sits there is decided person by person.'),
  'prohibited-object': seat(
    "Each object is somebody's; several phones at once are what several agreed on.",
  ),
  'room-scan-refused': seat('An answer to the proctor, each for oneself.'),
  manual: seat('A person has stated it of one examinee.'),
  'connectivity-lost': room('The network of the room.'),
  'device-failure': room('A task of the system or a dip of the current that restarts machines.'),
  power: room('The current of the room.'),
  platform: room('The platform itself.'),
};

/** Whether a kind can be an event of the room; never one that this build does not know. */
export const isRoomKind = (kind: KindName): kind is IncidentKind =>
  isIncidentKind(kind) && ROOM_KINDS[kind].cause === 'room';

/** The exam's own rule; null when each seat always stands for itself. */
export const roomEventRule = ({ roomEvent }: Pick<Policy, 'roomEvent'>): RoomEventRule | null =>
  roomEvent === undefined ? DEFAULT_POLICY.roomEvent : roomEvent;
