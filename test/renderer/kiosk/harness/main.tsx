import '@fontsource-variable/inter';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '#renderer/ui/global.css';
import { createRoot, type Root } from 'react-dom/client';
import { createKiosk } from '#renderer/kiosk/kiosk.ts';
import { OpeningApp } from '#renderer/kiosk/kiosk-app.tsx';
import type { Kiosk } from '#renderer/kiosk/kiosk-context.tsx';
import { startKioskI18n } from '#renderer/kiosk/kiosk-locale.ts';
import { takeCode } from '#renderer/ui/take-code.ts';
import { ScriptedFeed } from './scripted-feed.ts';
import { ScriptedHost } from './scripted-host.ts';
import { ScriptedNetwork } from './scripted-network.ts';

declare global {
  interface Window {
    /** The kiosk on the page now; `restart` puts a fresh one in its place, as after a reload. */
    harness: {
      readonly host: ScriptedHost;
      readonly feed: ScriptedFeed;
      readonly network: ScriptedNetwork;
      restart(): void;
      stop(): void;
    };
  }
}

const element = document.getElementById('root');
if (element === null) throw new Error('The page has no #root');
let root: Root | null = null;

const restart = (): void => {
  root?.unmount();
  window.harness?.stop();
  const host = new ScriptedHost();
  const feed = new ScriptedFeed();
  const enrolCode = takeCode(window, 'enrol');
  const network = new ScriptedNetwork();
  const kiosk = createKiosk(host, feed, window.location.search === '?web' ? null : network);
  if (enrolCode !== null) kiosk.store.enrolWith(enrolCode);
  root = createRoot(element);
  const open = (): Promise<Kiosk> =>
    window.location.search === '?broken'
      ? Promise.reject(new Error('no storage here'))
      : Promise.resolve(kiosk);
  root.render(<OpeningApp open={open} i18n={startKioskI18n()} />);
  const stop = () => {
    kiosk.duty.stop();
    kiosk.store.dispose();
  };
  window.harness = { host, feed, network, restart, stop };
};
restart();
