import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PersonOutline } from '#renderer/ui/person-outline.tsx';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { useAction, useKiosk, useKioskState, useView } from '../../kiosk-context.tsx';
import { identityPart, identityView } from '../../selectors.ts';
import { CameraFaultText, Mirror } from '../mirror.tsx';
import { StageFrame } from '../stage-frame.tsx';
import { AnswerCard } from './answer-card.tsx';
import { CheckGuide, TurnArrow } from './check-guide.tsx';
import classes from './identity.module.css';
import { MissingDocument } from './missing-document.tsx';
import { PersonCard } from './person-card.tsx';
import { ReadyCard } from './ready-card.tsx';
import { StaffIdentity } from './staff-identity.tsx';

/**
 * Who sits here (Art. 21, 31, 35h): the camera looks, and where it cannot tell a person decides. Nothing here accuses
 * anybody; every way out of the check ends at a person.
 */
export const IdentityScreen = () => {
  const { t } = useTranslation(['kiosk', 'common']);
  const view = useView();
  const { duty } = useKiosk();
  const faulty = useKioskState((state) => state.camera.status === 'fault');
  const { running, problem, run } = useAction();
  const part = identityPart(view);
  const check = identityView(view);

  if (part === 'missing' || part === 'person' || part === 'refused') {
    return (
      <StageFrame
        key="person"
        part={part}
        step="identity"
        title={t(`identity.${part}.title`)}
        lead={t(`identity.${part}.lead`)}
        footer={
          <>
            <StaffIdentity />
            <div className={classes.space} />
            {part === 'person' && <MissingDocument />}
          </>
        }
      >
        <PersonCard part={part} />
      </StageFrame>
    );
  }

  return (
    <StageFrame
      key="check"
      part={part}
      step="identity"
      wide
      title={t(part === 'answer' ? 'identity.answer.title' : 'identity.title')}
      lead={t(part === 'answer' ? 'identity.answer.lead' : 'identity.lead')}
      footer={
        part === 'running' ? (
          <p className={classes.hint}>{t('identity.runningHint')}</p>
        ) : (
          <>
            <StaffIdentity />
            <div className={classes.space} />
            <MissingDocument />
            {faulty && (
              <Button variant="default" size="lg" onClick={() => duty.retry()}>
                {t('common:retry')}
              </Button>
            )}
            <Button
              size="lg"
              loading={running}
              onClick={() => void run({ type: 'begin-identity' })}
              data-begin-identity
            >
              {t(part === 'answer' ? 'identity.again' : 'identity.begin')}
            </Button>
          </>
        )
      }
    >
      <ProblemText problem={problem} />
      <div className={classes.stage}>
        <Mirror label={t('framing.preview')}>
          <PersonOutline
            good={check.stage === 'ending' || (part === 'running' && check.advice === null)}
          />
          {check.stage === 'turn' && check.turn !== null && <TurnArrow turn={check.turn} />}
        </Mirror>
        <div className={classes.card}>
          {part === 'running' ? (
            <CheckGuide check={check} />
          ) : (
            <>
              {part === 'answer' ? <AnswerCard check={check} /> : <ReadyCard />}
              <CameraFaultText />
            </>
          )}
        </div>
      </div>
    </StageFrame>
  );
};
