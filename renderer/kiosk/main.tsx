import '@fontsource-variable/inter';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '#renderer/ui/global.css';
import { createRoot } from 'react-dom/client';
import { compose } from './compose.ts';
import { OpeningApp } from './kiosk-app.tsx';
import { startKioskI18n } from './kiosk-locale.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root');

const i18n = startKioskI18n();
createRoot(root).render(<OpeningApp open={compose} i18n={i18n} />);
