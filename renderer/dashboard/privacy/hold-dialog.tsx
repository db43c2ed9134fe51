import { Button, TextInput } from '@mantine/core';
import { IconLock, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AnswerFrame, Nothing } from '#renderer/dashboard/shell/answer-frame.tsx';
import classes from '#renderer/dashboard/shell/desk.module.css';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { ReasonForm } from '#renderer/dashboard/shell/reason-form.tsx';
import { useApi, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { useAnswer } from '#renderer/dashboard/shell/use-answer.ts';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { formatMoment } from '#renderer/ui/time-format.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { createPrivacyApi, type KeptAttempt, type RetentionProcess } from './api.ts';

const ACCENTS = /\p{Diacritic}/gu;
const plain = (text: string): string =>
  text.normalize('NFD').replace(ACCENTS, '').toLocaleLowerCase('es');

/** Whose pictures a process keeps; each can be held, so that no date deletes it. */
export const HoldDialog = ({
  process,
  onClose,
  onChanged,
}: {
  process: RetentionProcess;
  onClose: () => void;
  onChanged: () => void;
}) => {
  const { t } = useTranslation('privacy');
  const privacy = useApi(createPrivacyApi);
  const asked = useAnswer(() => privacy.keptAttempts(process.examId));
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const changed = (): void => {
    setChosen(null);
    void asked.load();
    onChanged();
  };
  return (
    <Dialog opened onClose={onClose} size="44rem" title={t('hold.title', { title: process.title })}>
      <AnswerFrame asked={asked} text={t('hold.explanation')}>
        {(attempts) => {
          const shown = attempts.filter(({ name, documentMasked }) =>
            plain(`${name} ${documentMasked}`).includes(plain(search.trim())),
          );
          if (attempts.length === 0) return <Nothing title={t('hold.none')} />;
          return (
            <>
              <TextInput
                type="search"
                aria-label={t('hold.search')}
                placeholder={t('hold.search')}
                value={search}
                onChange={(event) => setSearch(event.currentTarget.value)}
                leftSection={<IconSearch size="1rem" aria-hidden />}
              />
              {shown.length === 0 && <Nothing title={t('hold.noMatch')} />}
              <ul className={classes.cards}>
                {shown.map((attempt) => (
                  <Guarded key={attempt.attemptId} shape="line" version={attempt}>
                    <Attempt
                      attempt={attempt}
                      asking={chosen === attempt.attemptId}
                      onAsk={(asking) => setChosen(asking ? attempt.attemptId : null)}
                      onChanged={changed}
                    />
                  </Guarded>
                ))}
              </ul>
            </>
          );
        }}
      </AnswerFrame>
    </Dialog>
  );
};

const Attempt = ({
  attempt,
  asking,
  onAsk,
  onChanged,
}: {
  attempt: KeptAttempt;
  asking: boolean;
  onAsk: (asking: boolean) => void;
  onChanged: () => void;
}) => {
  const { t } = useTranslation('privacy');
  const privacy = useApi(createPrivacyApi);
  const locale = useLocale();
  const { name, documentMasked, startedAt, pictures, held } = attempt;
  const what = held ? 'release' : 'hold';
  const send = async (reason: string): Promise<Problem | null> => {
    const answer = await privacy.hold(attempt.attemptId, { held: !held, reason });
    if (!answer.ok) return answer.error;
    onChanged();
    return null;
  };
  return (
    <li className={classes.card} data-attempt={attempt.attemptId} data-held={held}>
      <div>
        <div className={classes.name}>{name}</div>
        <div className={classes.dim}>
          {`${documentMasked} · ${formatMoment(startedAt, locale)} · `}
          {t('hold.pictures', { count: pictures })}
        </div>
      </div>
      <div>
        {held && (
          <span className={classes.mark} data-look="look">
            <IconLock size="1.125rem" aria-hidden />
            {t('hold.held')}
          </span>
        )}
      </div>
      {!asking && (
        <Button
          variant="default"
          aria-label={t(`hold.${what}Of`, { name })}
          onClick={() => onAsk(true)}
        >
          {t(`hold.${what}`)}
        </Button>
      )}
      {asking && (
        <div className={classes.full}>
          <ReasonForm
            label={t(`hold.${what}Label`, { name })}
            explanation=""
            suggestions={(held ? ['over'] : ['claim', 'process']).map(
              (key) => `privacy:hold.reason.${key}`,
            )}
            submit={t(`hold.${what}Send`)}
            onSend={send}
            onCancel={() => onAsk(false)}
          />
        </div>
      )}
    </li>
  );
};
