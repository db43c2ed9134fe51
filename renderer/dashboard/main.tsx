import '@fontsource-variable/inter';
import '@mantine/core/styles.layer.css';
import '#renderer/ui/global.css';
import './shell/dashboard.css';
import { mountDashboard } from './mount.tsx';

const place = document.getElementById('root');
if (place === null) throw new Error('The page has no place for the dashboard');
mountDashboard(place, location.href);
