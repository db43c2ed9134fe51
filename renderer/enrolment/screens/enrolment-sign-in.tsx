import { ActionIcon, Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconCamera, IconClock, IconEye, IconEyeOff, IconId, IconUser } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  useAction,
  useEnrolment,
  useEnrolmentState,
} from '#renderer/enrolment/enrolment-context.tsx';
import { useInstitution } from '#renderer/ui/institution.ts';
import { LocaleSwitch } from '#renderer/ui/locale-switch.tsx';
import { Mark } from '#renderer/ui/mark.tsx';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import classes from './enrolment-sign-in.module.css';

const NEEDS = [
  { key: 'needDocument', Icon: IconId },
  { key: 'needCamera', Icon: IconCamera },
  { key: 'needTime', Icon: IconClock },
  { key: 'needChoice', Icon: IconUser },
] as const;

/** The door: with document and access code at home, with a one-time code in a room. */
export const SignInScreen = () => {
  const { t, i18n } = useTranslation(['enrolment', 'common']);
  const institution = useInstitution();
  const arriving = useEnrolmentState((state) => state.arriving);
  const [way, setWay] = useState<'own' | 'room'>(() => (arriving ? 'room' : 'own'));
  return (
    <div className={classes.page}>
      <aside className={classes.aside}>
        <div className={classes.brand}>
          <Mark size={3} dark />
          <div>
            <div className={classes.name}>{t('common:name')}</div>
            <div className={classes.tagline}>{t('heading')}</div>
            {institution !== null && <div className={classes.tagline}>{institution}</div>}
          </div>
        </div>
        <div className={classes.needs}>
          <h2>{t('signIn.need')}</h2>
          <ul>
            {NEEDS.map(({ key, Icon }) => (
              <li key={key}>
                <Icon aria-hidden />
                {t(`signIn.${key}`)}
              </li>
            ))}
          </ul>
        </div>
        <div />
      </aside>
      <main className={classes.main}>
        <div className={classes.top}>
          <LocaleSwitch onChange={(locale) => void i18n.changeLanguage(locale)} />
        </div>
        <div className={classes.form}>
          <div>
            <h1>{t('signIn.title')}</h1>
            <p>{t('signIn.text')}</p>
          </div>
          <SegmentedControl
            aria-label={t('signIn.tab.label')}
            fullWidth
            value={way}
            onChange={(value) => setWay(value === 'room' ? 'room' : 'own')}
            data={[
              { value: 'own', label: t('signIn.tab.own') },
              { value: 'room', label: t('signIn.tab.room') },
            ]}
          />
          {way === 'own' ? <OwnForm busy={arriving} /> : <RoomForm busy={arriving} />}
          <div role="status">{arriving ? t('signIn.arriving') : ''}</div>
          <p>{t('signIn.help')}</p>
        </div>
      </main>
    </div>
  );
};

const OwnForm = ({ busy }: { busy: boolean }) => {
  const { t } = useTranslation('enrolment');
  const enrolment = useEnrolment();
  const notice = useEnrolmentState((state) => state.notice);
  const { running, problem, run } = useAction();
  const [document, setDocument] = useState('');
  const [secret, setSecret] = useState('');
  const [shown, setShown] = useState(false);
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const id = document.trim();
    if (id === '' || secret === '' || running || busy) return;
    void run(() => enrolment.signIn({ document: id, secret }));
  };
  return (
    <form onSubmit={submit} noValidate className={classes.fields}>
      <TextInput
        size="lg"
        label={t('signIn.document')}
        value={document}
        onChange={(event) => setDocument(event.currentTarget.value)}
        error={tried && document.trim() === '' ? t('signIn.documentMissing') : null}
        autoComplete="off"
        autoFocus
        spellCheck={false}
        maxLength={20}
      />
      <TextInput
        size="lg"
        label={t('signIn.secret')}
        description={t('signIn.secretHint')}
        type={shown ? 'text' : 'password'}
        value={secret}
        onChange={(event) => setSecret(event.currentTarget.value)}
        error={tried && secret === '' ? t('signIn.secretMissing') : null}
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        rightSectionWidth="3rem"
        rightSection={
          <ActionIcon
            variant="subtle"
            color="ink"
            size="2.75rem"
            aria-label={t(shown ? 'signIn.hide' : 'signIn.show')}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          >
            {shown ? <IconEyeOff size="1.25rem" /> : <IconEye size="1.25rem" />}
          </ActionIcon>
        }
      />
      <Button type="submit" size="lg" loading={running || busy}>
        {t('signIn.submit')}
      </Button>
      <ProblemText own="enrolment" problem={running ? null : (problem ?? notice)} />
    </form>
  );
};

const RoomForm = ({ busy }: { busy: boolean }) => {
  const { t } = useTranslation('enrolment');
  const enrolment = useEnrolment();
  const notice = useEnrolmentState((state) => state.notice);
  const { running, problem, run } = useAction();
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const roomCode = code.trim();
    setMissing(roomCode.length < 4);
    if (roomCode.length < 4 || running || busy) return;
    void run(() => enrolment.signIn({ roomCode }));
  };
  return (
    <form onSubmit={submit} noValidate className={classes.fields}>
      <TextInput
        size="lg"
        label={t('signIn.code')}
        description={t('signIn.codeHint')}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value.toUpperCase())}
        error={missing ? t('signIn.codeMissing') : null}
        autoComplete="off"
        autoFocus
        spellCheck={false}
        maxLength={40}
      />
      <Button type="submit" size="lg" loading={running || busy}>
        {t('signIn.submit')}
      </Button>
      <ProblemText own="enrolment" problem={running ? null : (problem ?? notice)} />
    </form>
  );
};
