import type { SchemaRule } from './gsettings.ts';

/** All keys of a schema that holds nothing but shortcuts. */
const ALL = /./;

/** Shortcuts of a settings daemon that open a program, a search or another session. Volume, light, touchpad and assistive technology stay. */
const PROGRAM_KEYS =
  /^(calculator|control-center|custom-keybindings|eject|email|help|home|lock-screen|logout|media|restart-cinnamon|rotate-video-lock|screensaver|search|screencast|shutdown|terminal|video-rotation-lock|www|(area-|window-)?screenshot(-clip)?)(-static)?$/;

/**
 * What leads out of a full screen on GNOME, Cinnamon and MATE, by schema. Names and types are those of the
 * schemas that the desktops install; a test reads what their own tool printed.
 */
export const DESKTOP_SHORTCUTS: readonly SchemaRule[] = [
  { schema: 'org.gnome.mutter', keys: /^overlay-key$/, to: 'off' },
  { schema: 'org.gnome.mutter.keybindings', keys: ALL, to: 'off' },
  // `restore-shortcuts` gives a window back what an application has taken.
  { schema: 'org.gnome.mutter.wayland.keybindings', keys: ALL, to: 'off' },
  {
    schema: 'org.gnome.desktop.wm.keybindings',
    keys: ALL,
    keep: /^switch-input-source/,
    to: 'off',
  },
  { schema: 'org.gnome.shell.keybindings', keys: ALL, to: 'off' },
  { schema: 'org.gnome.settings-daemon.plugins.media-keys', keys: PROGRAM_KEYS, to: 'off' },
  { schema: 'org.gnome.shell.extensions.dash-to-dock', keys: /^hot-keys$/, to: 'false' },
  { schema: 'org.gnome.desktop.interface', keys: /^enable-hot-corners$/, to: 'false' },
  {
    schema: 'org.gnome.desktop.lockdown',
    keys: /^disable-(command-line|print-setup|printing|user-switching)$/,
    to: 'true',
  },
  { schema: 'org.cinnamon.muffin', keys: /^overlay-key$/, to: 'off' },
  { schema: 'org.cinnamon.muffin.keybindings', keys: ALL, to: 'off' },
  { schema: 'org.cinnamon.desktop.keybindings.wm', keys: ALL, to: 'off' },
  { schema: 'org.cinnamon.desktop.keybindings.media-keys', keys: PROGRAM_KEYS, to: 'off' },
  { schema: 'org.mate.Marco.global-keybindings', keys: ALL, to: "'disabled'" },
  { schema: 'org.mate.Marco.window-keybindings', keys: ALL, to: "'disabled'" },
];

/** What pushes itself in front of the exam: banners, windows of a drive that was plugged in. */
export const DESKTOP_INTERRUPTIONS: readonly SchemaRule[] = [
  { schema: 'org.gnome.desktop.notifications', keys: /^show-banners$/, to: 'false' },
  { schema: 'org.gnome.desktop.media-handling', keys: /^automount-open$/, to: 'false' },
  { schema: 'org.gnome.desktop.media-handling', keys: /^autorun-never$/, to: 'true' },
  { schema: 'org.cinnamon.desktop.notifications', keys: /^display-notifications$/, to: 'false' },
  { schema: 'org.cinnamon.desktop.media-handling', keys: /^automount-open$/, to: 'false' },
  { schema: 'org.mate.media-handling', keys: /^automount-open$/, to: 'false' },
];

/** Text that was selected elsewhere and comes in with the middle button of the mouse. */
export const DESKTOP_CLIPBOARD: readonly SchemaRule[] = [
  { schema: 'org.gnome.desktop.interface', keys: /^gtk-enable-primary-paste$/, to: 'false' },
];
