import {
  IconChevronRight,
  IconDeviceLaptop,
  IconFaceId,
  IconLayoutGrid,
  IconTools,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { AboutButton } from '#renderer/ui/about/about.tsx';
import { useInstitution } from '#renderer/ui/institution.ts';
import { LocaleSwitch } from '#renderer/ui/locale-switch.tsx';
import { Mark } from '#renderer/ui/mark.tsx';
import classes from './front.module.css';

/** Examinees first: they come once, and nobody has told them where. Relative, whatever path a proxy puts before. */
const DOORS = [
  { id: 'exam', to: '../kiosk/', icon: IconDeviceLaptop },
  { id: 'enrolment', to: '../enrolment/', icon: IconFaceId },
  { id: 'staff', to: '../dashboard/', icon: IconLayoutGrid },
  { id: 'install', to: '../install/', icon: IconTools },
] as const;

/** Where the bare address leads: a door for everybody who may come here. */
export const FrontPage = () => {
  const { t, i18n } = useTranslation('front');
  const institution = useInstitution();
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <Mark size={2} dark />
        <span className={classes.brand}>{t('brand')}</span>
        <div className={classes.language}>
          <LocaleSwitch onChange={(locale) => void i18n.changeLanguage(locale)} />
        </div>
      </header>
      <main className={classes.main}>
        {institution !== null && <p className={classes.institution}>{institution}</p>}
        <h1>{t('heading')}</h1>
        <ul className={classes.doors}>
          {DOORS.map(({ id, to, icon: Icon }) => (
            <li key={id}>
              <a className={classes.door} href={to} data-door={id}>
                <Icon size="2rem" stroke={1.5} aria-hidden className={classes.icon} />
                <span>
                  <strong>{t(`${id}.name`)}</strong>
                  <span className={classes.text}>{t(`${id}.text`)}</span>
                </span>
                <IconChevronRight size="1.25rem" aria-hidden className={classes.arrow} />
              </a>
            </li>
          ))}
        </ul>
        <footer className={classes.foot}>
          <AboutButton />
        </footer>
      </main>
    </div>
  );
};
