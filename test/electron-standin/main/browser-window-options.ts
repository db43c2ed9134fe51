import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron';
import type { EventTable } from '#test/electron-standin/events.ts';
import { session } from '#test/electron-standin/main/session.ts';
import { checkOptions, missing } from '#test/electron-standin/strict.ts';

/** The events of a BrowserWindow. */
export const windowEvents: EventTable = {
  fires: [
    'focus',
    'blur',
    'minimize',
    'restore',
    'maximize',
    'unmaximize',
    'enter-full-screen',
    'leave-full-screen',
    'close',
    'closed',
    'show',
    'hide',
    'ready-to-show',
    'always-on-top-changed',
    'page-title-updated',
  ],
  quiet: [
    'move',
    'moved',
    'resize',
    'resized',
    'will-move',
    'will-resize',
    'unresponsive',
    'responsive',
    'session-end',
    'query-session-end',
    'system-context-menu',
    'app-command',
    'enter-html-full-screen',
    'leave-html-full-screen',
  ],
};

const KNOWN = [
  'width',
  'height',
  'show',
  'kiosk',
  'fullscreen',
  'alwaysOnTop',
  'closable',
  'title',
  'webPreferences',
] as const satisfies readonly (keyof BrowserWindowConstructorOptions)[];

const IGNORED = [
  'x',
  'y',
  'center',
  'minWidth',
  'minHeight',
  'backgroundColor',
  'darkTheme',
  'icon',
  'frame',
  'hasShadow',
  'roundedCorners',
  'titleBarStyle',
  'autoHideMenuBar',
  'skipTaskbar',
  'resizable',
  'movable',
  'minimizable',
  'maximizable',
  'fullscreenable',
  'focusable',
  'acceptFirstMouse',
  'disableAutoHideCursor',
  'paintWhenInitiallyHidden',
] as const satisfies readonly (keyof BrowserWindowConstructorOptions)[];

const KNOWN_PREFERENCES = [
  'preload',
  'additionalArguments',
  'backgroundThrottling',
  'session',
] as const satisfies readonly (keyof WebPreferences)[];

const IGNORED_PREFERENCES = [
  'devTools',
  'spellcheck',
  'autoplayPolicy',
  'v8CacheOptions',
  'disableDialogs',
  'safeDialogs',
  'images',
  'javascript',
  'webgl',
  'defaultEncoding',
  'zoomFactor',
  'enablePreferredSizeMode',
  'textAreasAreResizable',
  'defaultFontSize',
  'minimumFontSize',
] as const satisfies readonly (keyof WebPreferences)[];

/** What the stand-in always is, so an app may say it, and may not ask for the opposite. */
const FIXED = {
  sandbox: true,
  contextIsolation: true,
  webSecurity: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webviewTag: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  navigateOnDragDrop: false,
  plugins: false,
  offscreen: false,
  transparent: false,
  enableWebSQL: false,
  enableDeprecatedPaste: false,
} as const satisfies Partial<Record<keyof WebPreferences, boolean>>;

/** @throws Error naming the first option that the stand-in cannot honour. */
export function checkWindowOptions(options: BrowserWindowConstructorOptions): void {
  checkOptions(options, KNOWN, IGNORED, 'BrowserWindow');
  const preferences = options.webPreferences ?? {};
  const known = [...KNOWN_PREFERENCES, ...Object.keys(FIXED)];
  checkOptions(preferences, known, IGNORED_PREFERENCES, 'webPreferences');
  const own: object = session.defaultSession;
  if (preferences.session !== undefined && preferences.session !== own) {
    throw missing('webPreferences.session other than session.defaultSession');
  }
  for (const [name, value] of Object.entries(FIXED)) {
    const given = preferences[name as keyof typeof FIXED];
    if (given !== undefined && given !== value) throw missing(`webPreferences.${name}: ${given}`);
  }
}
