import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AnswerFrame, Nothing } from '#renderer/dashboard/shell/answer-frame.tsx';
import classes from '#renderer/dashboard/shell/desk.module.css';
import { useApi, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { useAnswer } from '#renderer/dashboard/shell/use-answer.ts';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { formatMoment } from '#renderer/ui/time-format.ts';
import { createEnrolmentsApi, type EnrolmentRow } from './api.ts';
import { CompareDialog } from './compare-dialog.tsx';
import { DocumentDoubt, Likeness } from './enrolment-state.tsx';

/** Re-enrolments that wait for a person. */
export const WaitingTab = () => {
  const { t } = useTranslation('enrolments');
  const enrolments = useApi(createEnrolmentsApi);
  const asked = useAnswer(enrolments.waiting);
  const [open, setOpen] = useState<EnrolmentRow | null>(null);
  return (
    <>
      <AnswerFrame asked={asked} text={t('waiting.text')}>
        {(rows) =>
          rows.length === 0 ? (
            <Nothing title={t('waiting.none')} text={t('waiting.noneText')} />
          ) : (
            <ul className={classes.cards}>
              {rows.map((row) => (
                <Guarded key={row.examineeId} shape="line" version={row}>
                  <Row row={row} onOpen={() => setOpen(row)} />
                </Guarded>
              ))}
            </ul>
          )
        }
      </AnswerFrame>
      {open !== null && (
        <CompareDialog
          row={open}
          onClose={() => setOpen(null)}
          onDecided={() => {
            setOpen(null);
            void asked.load();
          }}
        />
      )}
    </>
  );
};

const Row = ({ row, onOpen }: { row: EnrolmentRow; onOpen: () => void }) => {
  const { t } = useTranslation('enrolments');
  const locale = useLocale();
  const { name, documentMasked, documentKind, at, changeDistance, documentDoubt } = row;
  const kind = documentKind === null ? '' : `${t(`kind.${documentKind}`)} `;
  return (
    <li className={classes.card} data-examinee={row.examineeId}>
      <div>
        <div className={classes.name}>{name}</div>
        <div className={classes.dim}>{`${kind}${documentMasked}`}</div>
        {at !== null && (
          <div className={classes.dim}>
            {t('waiting.since', { time: formatMoment(at, locale) })}
          </div>
        )}
      </div>
      <div>
        <div className={classes.dim}>{t('distance.label')}</div>
        <Likeness distance={changeDistance} />
        {documentDoubt !== null && <DocumentDoubt />}
      </div>
      <Button onClick={onOpen} aria-label={t('waiting.compareWhom', { name })}>
        {t('waiting.compare')}
      </Button>
    </li>
  );
};
