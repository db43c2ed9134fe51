/** What the preload's world tells the main process through its one binding, as JSON. */
export type PageMessage =
  /** The preload has run to its end. */
  | { t: 'preload-done' }
  | { t: 'preload-error'; message: string; stack: string }
  | { t: 'send'; url: string; channel: string; args: string }
  | { t: 'invoke'; url: string; id: number; channel: string; args: string }
  | { t: 'permission'; url: string; id: number; ask: PermissionAsk }
  | { t: 'window-open'; target: string; frameName: string; features: string }
  /** A key that the main process could not be asked about in time. */
  | { t: 'unasked-key'; key: KeyQuestion };

/** A page asking for something that Electron's permission handlers decide on. */
export interface PermissionAsk {
  readonly permission: string;
  readonly mediaTypes: readonly ('video' | 'audio')[];
  /** `check` only looks (navigator.permissions.query), `request` wants to use it. */
  readonly how: 'check' | 'request';
}

/** What the main process tells the preload's world. */
export type MainMessage =
  | { t: 'deliver'; channel: string; args: string }
  | { t: 'invoked'; id: number; value: string }
  | { t: 'failed'; id: number; message: string }
  | { t: 'permitted'; id: number; granted: boolean }
  /** Whether the main process wants to see keys before the page does. */
  | { t: 'keys'; wanted: boolean };

/** A key as `before-input-event` reports it. */
export interface KeyQuestion {
  readonly type: 'keyDown' | 'keyUp';
  readonly key: string;
  readonly code: string;
  readonly isAutoRepeat: boolean;
  readonly isComposing: boolean;
  readonly shift: boolean;
  readonly control: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
  readonly location: number;
  readonly modifiers: string[];
}

/** The name of the preload's world and of its binding to the main process. */
export const WORLD = 'electron-stand-in';
export const BINDING = '__electronStandInSend';
export const RECEIVER = '__electronStandInReceive';

/** Where the preload's world asks the main process synchronously, within the page's own origin. */
export const QUESTION_PATH = '/.electron-stand-in/key';
