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
import { PlainPage } from '#renderer/ui/plain-page.tsx';
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
  const { t } = useTranslation('front');
  const institution = useInstitution();
  return (
    <PlainPage brand={t('brand')} className={classes.main}>
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
    </PlainPage>
  );
};
