import '@fontsource-variable/inter';
import '@mantine/core/styles.layer.css';
import '#renderer/ui/global.css';
import { createTheme, MantineProvider, mergeThemeOverrides } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { theme } from '#renderer/ui/theme.ts';
import { composeEnrolment } from './compose.ts';
import { EnrolmentProvider } from './enrolment-context.tsx';
import { startEnrolmentI18n } from './enrolment-locale.ts';
import { App } from './screens/enrolment-app.tsx';

/** The ring of the focus leaves the label alone. */
const pageTheme = mergeThemeOverrides(
  theme,
  createTheme({
    components: { InputWrapper: { styles: { label: { marginBottom: '0.25rem' } } } },
  }),
);

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root');

createRoot(root).render(
  <I18nextProvider i18n={startEnrolmentI18n()}>
    <MantineProvider theme={pageTheme} forceColorScheme="light">
      <EnrolmentProvider enrolment={composeEnrolment(window)}>
        <Guarded shape="screen">
          <App />
        </Guarded>
      </EnrolmentProvider>
    </MantineProvider>
  </I18nextProvider>,
);
