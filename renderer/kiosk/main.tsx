import '@fontsource-variable/inter';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '#renderer/ui/global.css';
import { createRoot } from 'react-dom/client';
import { OpeningApp } from './app.tsx';
import { compose } from './compose.ts';
import { startKioskI18n } from './locale.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root');

const i18n = startKioskI18n();
createRoot(root).render(<OpeningApp open={compose} i18n={i18n} />);
