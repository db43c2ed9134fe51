import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AnswerFrame, Nothing } from '#renderer/dashboard/shell/answer-frame.tsx';
import classes from '#renderer/dashboard/shell/desk.module.css';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import { useApi, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { useAnswer } from '#renderer/dashboard/shell/use-answer.ts';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { saveJson } from '#renderer/ui/save-json.ts';
import { formatMoment } from '#renderer/ui/time-format.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { createPrivacyApi } from './api.ts';

/** What was deleted, with the proof of each deletion. */
export const CertificatesTab = () => {
  const { t } = useTranslation('privacy');
  const privacy = useApi(createPrivacyApi);
  const locale = useLocale();
  const asked = useAnswer(privacy.retention);
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = async (id: string): Promise<void> => {
    const answer = await privacy.certificate(id);
    setProblem(answer.ok ? null : answer.error);
    if (answer.ok) saveJson(answer.value, t('certificates.file', { id }));
  };
  return (
    <AnswerFrame asked={asked} text={t('certificates.text')}>
      {({ certificates }) =>
        certificates.length === 0 ? (
          <Nothing title={t('certificates.none')} />
        ) : (
          <>
            <ProblemNote problem={problem} />
            <div className={classes.frame}>
              <table className={classes.table}>
                <thead>
                  <tr>
                    <th scope="col">{t('certificates.column.at')}</th>
                    <th scope="col">{t('certificates.column.reason')}</th>
                    <th scope="col" className={classes.number}>
                      {t('certificates.column.items')}
                    </th>
                    <th scope="col">{t('certificates.column.actions')}</th>
                  </tr>
                </thead>
                <tbody>
                  {certificates.map((certificate) => (
                    <Guarded key={certificate.id} shape="row" columns={4} version={certificate}>
                      {() => {
                        const { id, at, reason, items } = certificate;
                        const date = formatMoment(at, locale);
                        return (
                          <tr>
                            <th scope="row">{date}</th>
                            <td>{t([`certificates.reason.${reason}`, reason])}</td>
                            <td className={classes.number}>{items}</td>
                            <td>
                              <Button
                                variant="default"
                                leftSection={<IconDownload size="1.125rem" aria-hidden />}
                                aria-label={t('certificates.downloadOf', { date })}
                                onClick={() => void save(id)}
                              >
                                {t('certificates.download')}
                              </Button>
                            </td>
                          </tr>
                        );
                      }}
                    </Guarded>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )
      }
    </AnswerFrame>
  );
};
