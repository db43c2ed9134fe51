import '@fontsource-variable/inter';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '#renderer/ui/global.css';
import { createRoot } from 'react-dom/client';
import { App } from '#renderer/kiosk/app.tsx';
import { takeEnrolCode } from '#renderer/kiosk/enrol-code.ts';
import { createKiosk } from '#renderer/kiosk/kiosk.ts';
import { startKioskI18n } from '#renderer/kiosk/locale.ts';
import { ScriptedFeed } from './scripted-feed.ts';
import { ScriptedHost } from './scripted-host.ts';

declare global {
  interface Window {
    readonly harness: { readonly host: ScriptedHost; readonly feed: ScriptedFeed };
  }
}

const host = new ScriptedHost();
const feed = new ScriptedFeed();
Object.assign(window, { harness: { host, feed } });

const enrolCode = takeEnrolCode(window);
const kiosk = createKiosk(host, feed);
if (enrolCode !== null) kiosk.store.enrolWith(enrolCode);
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App kiosk={kiosk} i18n={startKioskI18n()} />);
