import '@fontsource-variable/inter';
import '@mantine/core/styles.layer.css';
import '#renderer/ui/global.css';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { theme } from '#renderer/ui/theme.ts';
import { startFrontI18n } from './front-locale.ts';
import { FrontPage } from './front-page.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root');

createRoot(root).render(
  <I18nextProvider i18n={startFrontI18n()}>
    <MantineProvider theme={theme} forceColorScheme="light">
      <Guarded shape="screen">
        <FrontPage />
      </Guarded>
    </MantineProvider>
  </I18nextProvider>,
);
