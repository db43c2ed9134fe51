import type Electron from 'electron';
import { app } from '#test/electron-standin/main/app.ts';
import { BrowserWindow as Window } from '#test/electron-standin/main/browser-window.ts';
import { ClipboardItem, clipboard } from '#test/electron-standin/main/clipboard.ts';
import { dialog } from '#test/electron-standin/main/dialog.ts';
import { globalShortcut } from '#test/electron-standin/main/global-shortcut.ts';
import { ipcMain } from '#test/electron-standin/main/ipc-main.ts';
import { Menu } from '#test/electron-standin/main/menu.ts';
import { nativeTheme } from '#test/electron-standin/main/native-theme.ts';
import { net } from '#test/electron-standin/main/net.ts';
import { powerMonitor, powerSaveBlocker } from '#test/electron-standin/main/power.ts';
import { protocol as protocolParts } from '#test/electron-standin/main/protocol.ts';
import { safeStorage } from '#test/electron-standin/main/safe-storage.ts';
import { screen } from '#test/electron-standin/main/screen.ts';
import { session } from '#test/electron-standin/main/session.ts';
import { utilityProcess } from '#test/electron-standin/main/utility-process.ts';
import { WebContents } from '#test/electron-standin/main/web-contents.ts';
import { absent, strict } from '#test/electron-standin/strict.ts';

/*
 * The module `electron` of the main process. Every value that Electron's own types name is here, so
 * that any import works; those that the stand-in lacks throw when they are used.
 */

const protocol = strict(protocolParts, 'protocol');
const BrowserWindow = strict(Window, 'BrowserWindow');
const webContents = strict(WebContents, 'webContents');
const autoUpdater = absent('autoUpdater');
const BaseWindow = absent('BaseWindow');
const BrowserView = absent('BrowserView');
const contentTracing = absent('contentTracing');
const crashReporter = absent('crashReporter');
const desktopCapturer = absent('desktopCapturer');
const ImageView = absent('ImageView');
const inAppPurchase = absent('inAppPurchase');
const IpcMainServiceWorker = absent('IpcMainServiceWorker');
const MenuItem = absent('MenuItem');
const MessageChannelMain = absent('MessageChannelMain');
const nativeImage = absent('nativeImage');
const netLog = absent('netLog');
const Notification = absent('Notification');
const pushNotifications = absent('pushNotifications');
const sharedTexture = absent('sharedTexture');
const ShareMenu = absent('ShareMenu');
const shell = absent('shell');
const systemPreferences = absent('systemPreferences');
const TouchBar = absent('TouchBar');
const Tray = absent('Tray');
const View = absent('View');
const webFrameMain = absent('webFrameMain');
const WebContentsView = absent('WebContentsView');

const electron = {
  app,
  autoUpdater,
  BaseWindow,
  BrowserView,
  BrowserWindow,
  clipboard,
  ClipboardItem,
  contentTracing,
  crashReporter,
  desktopCapturer,
  dialog,
  globalShortcut,
  ImageView,
  inAppPurchase,
  ipcMain,
  IpcMainServiceWorker,
  Menu,
  MenuItem,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  net,
  netLog,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  pushNotifications,
  safeStorage,
  screen,
  session,
  sharedTexture,
  ShareMenu,
  shell,
  systemPreferences,
  TouchBar,
  Tray,
  utilityProcess,
  View,
  webContents,
  WebContentsView,
  webFrameMain,
} satisfies Record<Exclude<keyof typeof Electron, NotInMain>, object>;

/** What Electron's types list for all processes together and the main process does not have. */
type NotInMain =
  | 'contextBridge'
  | 'ipcRenderer'
  | 'LanguageModelUtility'
  | 'localAIHandler'
  | 'parentPort'
  | 'webFrame'
  | 'WebSocket'
  | 'webUtils';

export {
  app,
  autoUpdater,
  BaseWindow,
  BrowserView,
  BrowserWindow,
  ClipboardItem,
  clipboard,
  contentTracing,
  crashReporter,
  desktopCapturer,
  dialog,
  electron as default,
  globalShortcut,
  ImageView,
  IpcMainServiceWorker,
  inAppPurchase,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  Notification,
  nativeImage,
  nativeTheme,
  net,
  netLog,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  pushNotifications,
  ShareMenu,
  safeStorage,
  screen,
  session,
  sharedTexture,
  shell,
  systemPreferences,
  TouchBar,
  Tray,
  utilityProcess,
  View,
  WebContentsView,
  webContents,
  webFrameMain,
};
