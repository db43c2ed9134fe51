import { Button, Loader } from '@mantine/core';
import { IconCircleCheck, IconDownload } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import { saveJson } from '#renderer/ui/save-json.ts';
import { formatDate, formatMoment } from '#renderer/ui/time-format.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { KeptData } from '#shared/wire/enrolment.ts';
import { useAction, useEnrolment, useEnrolmentState, useLocale } from '../enrolment-context.tsx';
import { DeleteRegistration } from './delete-registration.tsx';
import { Frame } from './frame.tsx';
import classes from './panel.module.css';

/** All that is kept about the person, who looked at it, and the way to have it deleted. */
export const DataScreen = () => {
  const { t } = useTranslation('enrolment');
  const enrolment = useEnrolment();
  const certificate = useEnrolmentState((state) => state.certificate);
  const [data, setData] = useState<KeptData | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = useCallback(async () => {
    setProblem(null);
    const answer = await enrolment.data();
    if (answer.ok) setData(answer.value);
    else setProblem(answer.error);
  }, [enrolment]);
  // After a deletion there is another answer.
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => void load(), [load, certificate]);
  return (
    <Frame
      narrow
      title={t('data.title')}
      lead={t('data.lead')}
      onBack={() => enrolment.go('where')}
    >
      {certificate !== null && (
        <section className={cx(classes.panel, classes.state)} role="status" data-deleted>
          <div className={cx(classes.stateName, classes.ok)}>
            <IconCircleCheck size="1.75rem" aria-hidden />
            {t('data.deleted')}
          </div>
          <p>{t('data.deletedText', { count: certificate.items.length })}</p>
          <div className={classes.buttons}>
            <Button
              leftSection={<IconDownload size="1.125rem" aria-hidden />}
              onClick={() => saveJson(certificate, t('data.file'))}
            >
              {t('data.download')}
            </Button>
          </div>
        </section>
      )}
      {data === null && problem === null && (
        <div className={classes.centre}>
          <Loader aria-label={t('data.loading')} />
        </div>
      )}
      <ProblemText own="enrolment" problem={problem}>
        <div className={classes.here}>
          <Button variant="default" onClick={() => void load()}>
            {t('data.retry')}
          </Button>
        </div>
      </ProblemText>
      {data !== null && (
        <>
          <Kept rows={data.rows} />
          <Looks looks={data.looks} />
          {data.certificates.length > 0 && <Certificates certificates={data.certificates} />}
          {data.rows.some(({ what }) => what === 'template') && <DeleteRegistration />}
        </>
      )}
    </Frame>
  );
};

const Kept = ({ rows }: { rows: KeptData['rows'] }) => {
  const { t } = useTranslation('enrolment');
  return (
    <section className={classes.panel} aria-labelledby="kept">
      <h2 id="kept">{t('data.kept')}</h2>
      {rows.length === 0 ? (
        <p className={classes.dim}>{t('data.none')}</p>
      ) : (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('data.column.what')}</th>
              <th scope="col">{t('data.column.count')}</th>
              <th scope="col">{t('data.column.since')}</th>
              <th scope="col">{t('data.column.until')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Guarded key={`${row.what} ${row.exam}`} shape="row" columns={4} version={row}>
                <KeptRow row={row} />
              </Guarded>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
};

const KeptRow = ({
  row: { what, count, since, until, held, exam },
}: {
  row: KeptData['rows'][number];
}) => {
  const { t } = useTranslation('enrolment');
  const locale = useLocale();
  return (
    <tr data-kept={what}>
      <th scope="row">
        {t(`data.what.${what}`)}
        {exam !== null && <span className={classes.sub}>{exam}</span>}
      </th>
      <td data-label={t('data.column.count')}>{count}</td>
      <td data-label={t('data.column.since')}>{formatDate(since, locale)}</td>
      <td data-label={t('data.column.until')}>
        {held ? t('data.held') : until === null ? t('data.noEnd') : formatDate(until, locale)}
      </td>
    </tr>
  );
};

const Looks = ({ looks }: { looks: KeptData['looks'] }) => {
  const { t } = useTranslation('enrolment');
  const locale = useLocale();
  return (
    <section className={classes.panel} aria-labelledby="looks">
      <h2 id="looks">{t('data.looks')}</h2>
      <p className={classes.dim}>{t(looks.length === 0 ? 'data.noLooks' : 'data.looksText')}</p>
      {looks.length > 0 && (
        // A list that scrolls has to be reached by keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: as above
        <ul className={classes.lines} tabIndex={0} aria-labelledby="looks">
          {looks.map((look) => (
            <Guarded key={`${look.at} ${look.what}`} shape="line" version={look}>
              {() => (
                <li>
                  <span>
                    {t('data.look', {
                      role: t([`data.role.${look.role}`, look.role]),
                      what: t([`data.lookWhat.${look.what}`, look.what]),
                    })}
                  </span>
                  <span className={classes.dim}>{formatMoment(look.at, locale)}</span>
                </li>
              )}
            </Guarded>
          ))}
        </ul>
      )}
    </section>
  );
};

const Certificates = ({ certificates }: { certificates: KeptData['certificates'] }) => {
  const { t } = useTranslation('enrolment');
  const enrolment = useEnrolment();
  const locale = useLocale();
  const { running, problem, run } = useAction();
  const save = (id: string) =>
    run(async () => {
      const answer = await enrolment.certificate(id);
      if (!answer.ok) return answer.error;
      saveJson(answer.value, t('data.file'));
      return null;
    });
  return (
    <section className={classes.panel} aria-labelledby="certificates">
      <h2 id="certificates">{t('data.certificates')}</h2>
      <ul className={classes.lines}>
        {certificates.map(({ id, at }) => {
          const date = formatMoment(at, locale);
          return (
            <li key={id}>
              {t('data.certificate', { date })}
              <Button
                variant="default"
                disabled={running}
                leftSection={<IconDownload size="1.125rem" aria-hidden />}
                aria-label={t('data.downloadWhat', { date })}
                onClick={() => void save(id)}
              >
                {t('data.download')}
              </Button>
            </li>
          );
        })}
      </ul>
      <ProblemText own="enrolment" problem={problem} />
    </section>
  );
};
