import { IconCloudCheck, IconCloudOff, IconCloudUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { localeOf } from '#renderer/kiosk/kiosk-locale.ts';
import { QrCode } from '#renderer/ui/qr-code.tsx';
import { StateChip } from '#renderer/ui/state-chip.tsx';
import { formatDayAndClock } from '#renderer/ui/time-format.ts';
import type { AttemptState } from '#shared/attempt/attempt-state.ts';
import { useView } from '../../kiosk-context.tsx';
import { hashGroups, receiptText } from '../../receipt.ts';
import { answeredCount, clockAt } from '../../selectors.ts';
import { Facts } from '../facts.tsx';
import classes from './closing.module.css';

const Delivery = () => {
  const { t } = useTranslation('kiosk');
  const { pending, online } = useView().connection;
  if (pending === 0) {
    return (
      <StateChip tone="ok" icon={IconCloudCheck}>
        {t('receipt.sent')}
      </StateChip>
    );
  }
  return online ? (
    <StateChip tone="quiet" icon={IconCloudUp}>
      {t('receipt.pending', { count: pending })}
    </StateChip>
  ) : (
    <StateChip tone="look" icon={IconCloudOff}>
      {t('receipt.pendingOffline', { count: pending })}
    </StateChip>
  );
};

/** What the examinee takes along: the hash of everything on record, to compare with later. */
export const Receipt = ({ attempt }: { attempt: AttemptState }) => {
  const { t, i18n } = useTranslation(['kiosk', 'common']);
  const { ticket, form } = useView();
  const closedAt = clockAt(ticket, attempt, attempt.closedT);
  const total = ticket?.exam.questionCount ?? form?.questions.length ?? 0;
  return (
    <section className={classes.receipt} aria-labelledby="receipt">
      <h2 id="receipt">{t('receipt.title')}</h2>
      <div className={classes.proof}>
        <Facts
          rows={[
            ...(ticket === null
              ? []
              : ([
                  [t('receipt.examinee'), ticket.examinee.name],
                  [t('receipt.exam'), ticket.exam.title],
                ] as const)),
            [
              t('receipt.answered'),
              t('receipt.answeredOf', { answered: answeredCount(attempt), total }),
            ],
            ...(closedAt === null
              ? []
              : ([[t('receipt.closedAt'), formatDayAndClock(closedAt, localeOf(i18n))]] as const)),
          ]}
        />
        {ticket !== null && (
          <QrCode
            className={classes.qr}
            text={receiptText(ticket.attemptId, attempt.seq, attempt.hash)}
            label={t('common:qr', { what: t('receipt.qr') })}
          />
        )}
      </div>
      <h3>
        {t('receipt.hash')}
        <span>{t('receipt.entries', { count: attempt.seq })}</span>
      </h3>
      <code className={classes.hash} data-hash={attempt.hash}>
        {hashGroups(attempt.hash).map((group, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups are fixed by their place and may be equal
          <span key={index}>{group}</span>
        ))}
      </code>
      <p className={classes.help}>{t('receipt.hashHelp')}</p>
      <div role="status" className={classes.delivery}>
        <Delivery />
      </div>
    </section>
  );
};
