import '@fontsource-variable/inter';
import '@mantine/core/styles.layer.css';
import '#renderer/ui/global.css';
import { MantineProvider } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { theme } from '#renderer/ui/theme.ts';
import { composeEnrolment } from './compose.ts';
import { EnrolmentProvider } from './enrolment-context.tsx';
import { startEnrolmentI18n } from './locale.ts';
import { App } from './screens/app.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root');

createRoot(root).render(
  <I18nextProvider i18n={startEnrolmentI18n()}>
    <MantineProvider theme={theme} forceColorScheme="light">
      <EnrolmentProvider enrolment={composeEnrolment(window)}>
        <App />
      </EnrolmentProvider>
    </MantineProvider>
  </I18nextProvider>,
);
