import '@fontsource-variable/inter';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '#renderer/ui/global.css';
import { createRoot } from 'react-dom/client';
import { App } from '#renderer/kiosk/kiosk-app.tsx';
import { startKioskI18n } from '#renderer/kiosk/kiosk-locale.ts';
import { composeRehearsal } from './compose.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root');

const i18n = startKioskI18n();
const { kiosk, rehearsal } = await composeRehearsal();
createRoot(root).render(<App kiosk={kiosk} i18n={i18n} />);
globalThis.rehearsal = rehearsal;
