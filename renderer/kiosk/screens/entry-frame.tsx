import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useView } from '#renderer/kiosk/kiosk-context.tsx';
import { changeLocale } from '#renderer/kiosk/kiosk-locale.ts';
import { AboutButton } from '#renderer/ui/about/about.tsx';
import { LocaleSwitch } from '#renderer/ui/locale-switch.tsx';
import { Mark } from '#renderer/ui/mark.tsx';
import { ConnectionChip } from './connection/connection-chip.tsx';
import classes from './entry-frame.module.css';
import { TextSizeControl } from './text-size-control.tsx';

/** The door: the house on the left, the form on the right. For enrolment and sign-in. */
export const EntryFrame = ({
  aside,
  device,
  children,
}: {
  aside: ReactNode;
  device?: string | undefined;
  children: ReactNode;
}) => {
  const { t, i18n } = useTranslation('common');
  const { institution } = useView();
  return (
    <div className={classes.page}>
      <aside className={classes.aside}>
        <div className={classes.brand}>
          <Mark size={3} dark />
          <div>
            <div className={classes.name}>{t('name')}</div>
            <div className={classes.tagline}>{institution ?? t('tagline')}</div>
          </div>
        </div>
        <div className={classes.asideBody}>{aside}</div>
        <div className={classes.device}>{device}</div>
      </aside>
      <main className={classes.main}>
        <div className={classes.top}>
          <ConnectionChip />
          <TextSizeControl />
          <LocaleSwitch onChange={(locale) => changeLocale(i18n, locale)} />
        </div>
        <div className={classes.form}>{children}</div>
        <footer className={classes.foot}>
          <AboutButton />
        </footer>
      </main>
    </div>
  );
};
