import '@fontsource-variable/inter';
import '@mantine/core/styles.layer.css';
import '#renderer/ui/global.css';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { theme } from '#renderer/ui/theme.ts';
import { checkPresentBrowser } from './compose.ts';
import { startInstallI18n } from './install-locale.ts';
import { InstallPage } from './install-page.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root');

createRoot(root).render(
  <I18nextProvider i18n={startInstallI18n()}>
    <MantineProvider theme={theme} forceColorScheme="light">
      <Guarded shape="screen">
        <InstallPage origin={location.origin} check={checkPresentBrowser} />
      </Guarded>
    </MantineProvider>
  </I18nextProvider>,
);
