import { type BrowserContext, chromium, type Page } from '@playwright/test';
import {
  chromiumPath,
  fakeCameraArgs,
  launchArgs,
  windowlessChromiumPath,
} from '#tools/chromium.ts';

export interface Window {
  readonly context: BrowserContext;
  readonly page: Page;
  close(): Promise<void>;
}

export interface WindowOptions {
  /** Folder of the browser's profile: what the kiosk stores. */
  readonly profile: string;
  readonly headed: boolean;
  /** Only the page itself matters, not which window has the keyboard: shown by less of a browser when it is not headed. */
  readonly pageOnly: boolean;
  /** The only origin that it may talk to. */
  readonly origin: string;
  /** Called with each request that would leave the machine. It is refused. */
  readonly onExternal: (url: string) => void;
  readonly cameraFile?: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
}

const LOCAL = new Set(['data:', 'blob:', 'about:', 'chrome:', 'devtools:', 'chrome-error:']);

/** A browser of its own, with a camera fed from a file, that is watched for requests to anywhere else. */
export const openWindow = async (options: WindowOptions): Promise<Window> => {
  const context = await chromium.launchPersistentContext(options.profile, {
    executablePath: options.pageOnly && !options.headed ? windowlessChromiumPath() : chromiumPath(),
    headless: !options.headed,
    viewport: options.viewport,
    locale: 'es-EC',
    ...(options.colorScheme === undefined ? {} : { colorScheme: options.colorScheme }),
    args: [
      ...launchArgs,
      ...(options.cameraFile === undefined ? [] : fakeCameraArgs(options.cameraFile)),
    ],
  });
  const foreign = (url: string): boolean =>
    !LOCAL.has(new URL(url).protocol) &&
    !url.startsWith(`${options.origin}/`) &&
    !url.startsWith(`${options.origin.replace('http', 'ws')}/`);
  context.on('request', (request) => {
    if (foreign(request.url())) options.onExternal(request.url());
  });
  await context.route(
    (url) => foreign(url.href),
    (route) => route.abort(),
  );
  const page = context.pages()[0] ?? (await context.newPage());
  page.on('websocket', (socket) => {
    if (foreign(socket.url())) options.onExternal(socket.url());
  });
  return { context, page, close: () => context.close() };
};
