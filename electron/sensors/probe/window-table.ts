import type { Reading } from '#shared/incident/reading.ts';

/** A window's place, px of the whole desktop. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a window is to the person who sits in front of it. */
export type WindowRole =
  /** An application's: in the list of windows, open even while minimised. */
  | 'application'
  /** Nobody can switch to it and it takes no focus: popups, notifications, overlays. */
  | 'unmanaged';

/** A window of any program, as the system tells of it. */
export interface SeenWindow {
  readonly id: number;
  /** Process that made it; null when the system does not tell. */
  readonly pid: number | null;
  /** The program's name by its own word, for windows without a process. */
  readonly className: string;
  readonly role: WindowRole;
  /** On the screen right now, not minimised. */
  readonly visible: boolean;
  readonly place: Place;
  /** Position from the lowest to the topmost. */
  readonly layer: number;
  /** Asks to stay above the others. */
  readonly above: boolean;
  /** Hides itself from screenshots and recordings. */
  readonly hiddenFromCapture: boolean;
  readonly title: string;
}

/** Windows as the sensor asks for them. */
export interface WindowTable {
  /** There is always the kiosk's own window or the desktop: no window at all is `empty`, and nothing is known. */
  list(signal: AbortSignal): Promise<Reading<readonly SeenWindow[]>>;
  /** Where the system tells of windows that open, close or change places. */
  watch?(onChange: () => void): () => void;
  close(): void;
}
