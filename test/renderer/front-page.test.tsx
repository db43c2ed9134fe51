import { MantineProvider } from '@mantine/core';
import { createInstance } from 'i18next';
import { renderToStaticMarkup } from 'react-dom/server';
import { I18nextProvider } from 'react-i18next';
import { expect, test } from 'vitest';
import en from '#assets/locales/en/front.json';
import es from '#assets/locales/es/front.json';
import { FrontPage } from '#renderer/front/front-page.tsx';

test.each([
  ['es', es],
  ['en', en],
] as const)('the bare address has a door for everybody (%s)', async (lng, words) => {
  const i18n = createInstance();
  await i18n.init({ lng, resources: { es: { front: es }, en: { front: en } } });
  const page = renderToStaticMarkup(
    <I18nextProvider i18n={i18n}>
      <MantineProvider>
        <FrontPage />
      </MantineProvider>
    </I18nextProvider>,
  );
  const doors = [...page.matchAll(/href="([^"]+)" data-door="([a-z]+)"/g)].map((m) => m.slice(1));
  expect(doors).toEqual([
    ['../kiosk/', 'exam'],
    ['../enrolment/', 'enrolment'],
    ['../dashboard/', 'staff'],
    ['../install/', 'install'],
  ]);
  for (const { name, text } of [words.exam, words.enrolment, words.staff, words.install]) {
    expect(page).toContain(name);
    expect(page).toContain(text);
  }
});
