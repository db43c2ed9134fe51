import { Button, Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogActions } from '#renderer/ui/dialog.tsx';
import { Mark } from '#renderer/ui/mark.tsx';
import classes from './about.module.css';
import { loadNotices, type Notices } from './third-party-notices.ts';

/** What this program is, and whose works are in it: versions, licences, notices. Never during an exam. */
export const AboutDialog = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation('common');
  const [notices, setNotices] = useState<Notices | 'none' | null>(null);
  useEffect(() => {
    let gone = false;
    void loadNotices().then((loaded) => {
      if (!gone) setNotices(loaded ?? 'none');
    });
    return () => {
      gone = true;
    };
  }, []);
  return (
    <Dialog onClose={onClose} title={t('about.title')} icon={<Mark size={1.75} />} size="xl">
      {notices === null && <Skeleton height="8rem" aria-busy="true" />}
      {notices === 'none' && <p role="alert">{t('about.none')}</p>}
      {notices !== null && notices !== 'none' && <Works notices={notices} />}
      <DialogActions>
        <Button variant="default" size="md" onClick={onClose}>
          {t('about.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};

const Works = ({ notices }: { notices: Notices }) => {
  const { t } = useTranslation('common');
  const { parts, licences } = notices;
  return (
    <>
      <p>{t('about.version', { version: notices.version })}</p>
      <Text title={t('about.own')} text={notices.licence} />
      <h3 className={classes.heading}>{t('about.works', { count: parts.length })}</h3>
      <p>{t('about.thanks')}</p>
      <ul className={classes.list} data-works={parts.length}>
        {parts.map(({ name, version, licence, within, notice }) => (
          <li key={`${name} ${version}`}>
            <Text
              title={name}
              detail={[
                version,
                ...(within === null ? [] : [t('about.within', { within })]),
                licence ?? t('about.noLicence'),
              ].join(' · ')}
              text={notices.notices[notice] ?? ''}
            />
          </li>
        ))}
      </ul>
      <h3 className={classes.heading}>{t('about.licences')}</h3>
      <ul className={classes.list}>
        {Object.entries(licences).map(([name, text]) => (
          <li key={name}>
            <Text title={name} text={text} />
          </li>
        ))}
      </ul>
    </>
  );
};

/** A text that is read when somebody asks for it: two hundred at once would be none. */
const Text = ({
  title,
  detail,
  text,
}: {
  title: string;
  detail?: string | undefined;
  text: string;
}) => {
  const [opened, setOpened] = useState(false);
  return (
    <details className={classes.text} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>
        <span className={classes.name}>{title}</span>
        {detail !== undefined && <span className={classes.detail}> {detail}</span>}
      </summary>
      {opened && <pre className={classes.notice}>{text}</pre>}
    </details>
  );
};

/** The door to it: small, at a page's edge. */
export const AboutButton = () => {
  const { t } = useTranslation('common');
  const [shown, setShown] = useState(false);
  return (
    <>
      <Button variant="subtle" color="ink" size="sm" data-about onClick={() => setShown(true)}>
        {t('about.title')}
      </Button>
      {shown && <AboutDialog onClose={() => setShown(false)} />}
    </>
  );
};
