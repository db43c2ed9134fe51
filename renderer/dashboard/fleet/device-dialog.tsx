import { Button, Loader } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CoverageList } from '#renderer/dashboard/shell/coverage-list.tsx';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import { ReasonForm } from '#renderer/dashboard/shell/reason-form.tsx';
import { useApi, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { useAnswer } from '#renderer/dashboard/shell/use-answer.ts';
import { formatDayAndClock } from '#renderer/ui/time-format.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { DeviceDetail } from '#shared/wire/devices.ts';
import type { Requirement } from '#shared/wire/kiosk-view.ts';
import type { Passport } from '#shared/wire/passport.ts';
import { createFleetApi } from './api.ts';
import { DeviceState } from './device-words.tsx';
import classes from './devices.module.css';

/** One device in full: its passport, what to mend, and the way out of the fleet. */
export const DeviceDialog = ({
  id,
  onClose,
  onChanged,
}: {
  id: string;
  onClose: () => void;
  /** The list is another one now. */
  onChanged: () => void;
}) => {
  const { t } = useTranslation('fleet');
  const fleet = useApi(createFleetApi);
  const asked = useAnswer<DeviceDetail>(() => fleet.detail(id));
  const { value, problem } = asked;
  return (
    <Dialog
      opened
      onClose={onClose}
      size="52rem"
      title={t('detail.title', { name: value?.device.name ?? '' })}
    >
      {value !== null ? (
        <Detail
          detail={value}
          onRevoked={() => {
            onChanged();
            void asked.load();
          }}
        />
      ) : problem !== null ? (
        <div className={classes.empty}>
          <ProblemNote problem={problem} />
          <Button onClick={() => void asked.load()}>{t('refresh')}</Button>
        </div>
      ) : (
        <Loader aria-label={t('loading')} className={classes.loader ?? ''} />
      )}
    </Dialog>
  );
};

const Detail = ({ detail, onRevoked }: { detail: DeviceDetail; onRevoked: () => void }) => {
  const { t } = useTranslation(['fleet', 'passport']);
  const locale = useLocale();
  const { device, passport, history } = detail;
  const time = (at: number | null): string =>
    at === null ? t('never') : formatDayAndClock(at, locale);
  return (
    <div className={classes.detail}>
      <dl className={classes.facts}>
        <Fact name={t('column.state')}>
          <DeviceState device={device} />
        </Fact>
        <Fact name={t('detail.room')}>{device.room?.name ?? t('noRoom')}</Fact>
        <Fact name={t('detail.venue')}>{device.venue ?? '—'}</Fact>
        <Fact name={t('detail.enrolled')}>{time(device.enrolledAt)}</Fact>
        <Fact name={t('detail.seen')}>{time(device.lastSeenAt)}</Fact>
        {passport !== null && <Machine passport={passport} detail={detail} />}
      </dl>
      {passport === null ? (
        <p className={classes.text}>{t('detail.none')}</p>
      ) : (
        <>
          <Requirements lines={passport.requirements} />
          <Risks passport={passport} />
          <CoverageList coverage={passport.coverage} />
        </>
      )}
      {history.length > 0 && (
        <details className={classes.more}>
          <summary>{t('detail.history')}</summary>
          <ul className={classes.lines}>
            {history.map(({ at, version, verdict }) => (
              <li key={at}>
                {time(at)} · {version} · {t(`passport:verdict.${verdict}`)}
              </li>
            ))}
          </ul>
        </details>
      )}
      <Revoke detail={detail} onRevoked={onRevoked} />
    </div>
  );
};

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

const Machine = ({ passport, detail }: { passport: Passport; detail: DeviceDetail }) => {
  const { t } = useTranslation(['fleet', 'passport']);
  const locale = useLocale();
  const { device, host, keyStore, createdAt } = passport;
  const state = detail.device.passport?.buildState ?? 'unknown';
  return (
    <>
      <Fact name={t('detail.passportAt')}>{formatDayAndClock(createdAt, locale)}</Fact>
      <Fact name={t('detail.model')}>{`${device.manufacturer} ${device.model}`.trim() || '—'}</Fact>
      <Fact name={t('detail.system')}>{`${device.system} (${device.architecture})`}</Fact>
      <Fact name={t('detail.processor')}>{device.processor || '—'}</Fact>
      <Fact name={t('detail.memory')}>{t('detail.memoryValue', { mb: device.memoryMb })}</Fact>
      <Fact name={t('detail.version')}>{`${host.version} · ${t(`buildState.${state}`)}`}</Fact>
      <Fact name={t('detail.build')}>
        {host.build === null ? (
          t('detail.noBuild')
        ) : (
          <code title={host.build}>{`${host.build.slice(0, 16)}…`}</code>
        )}
      </Fact>
      <Fact name={t('detail.keyStore')}>
        {t(`passport:keyStore.${keyStore}`)}
        {keyStore === 'file' && (
          <span className={classes.dim}>{t('passport:keyStoreWarning')}</span>
        )}
      </Fact>
    </>
  );
};

const Requirements = ({ lines }: { lines: readonly Requirement[] }) => {
  const { t } = useTranslation(['fleet', 'kiosk']);
  return (
    <section>
      <h3 className={classes.heading}>{t('detail.requirements')}</h3>
      <ul className={classes.lines}>
        {lines.map(({ id, outcome, cause, names = [], blocks }) => {
          const mark = outcome === 'failed' && !blocks ? 'warning' : outcome;
          const base = `kiosk:device.lines.${id}`;
          return (
            <li key={id} data-look={outcome === 'failed' ? 'look' : 'ok'}>
              <strong>{t([`${base}.name`, id])}</strong>: {t(`outcome.${mark}`)}
              {outcome === 'failed' && (
                <span className={classes.dim}>
                  {t([`${base}.wrong.${cause}`, `${base}.wrong.any`])} {names.join(', ')}{' '}
                  {t([`${base}.mend.${cause}`, `${base}.mend.any`])}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
};

const Risks = ({ passport }: { passport: Passport }) => {
  const { t } = useTranslation(['fleet', 'passport']);
  const { unread = [] } = passport;
  return (
    <section>
      <h3 className={classes.heading}>{t('detail.risks')}</h3>
      {passport.risks.length === 0 ? (
        <p className={classes.text}>
          {t(unread.length === 0 ? 'detail.noRisks' : 'detail.noneOfWhatWasRead')}
        </p>
      ) : (
        <ul className={classes.lines}>
          {passport.risks.map(({ id, names }) => (
            <li key={id} data-look="look">
              <strong>{t(`passport:risk.${id}.name`)}</strong>
              {names.length > 0 && ` (${names.join(', ')})`}
              <span className={classes.dim}>
                {t(`passport:risk.${id}.text`)} {t(`passport:risk.${id}.mend`)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {unread.length > 0 && (
        <p className={classes.dim}>
          {t('detail.unread', {
            parts: unread.map(({ part }) => t(`passport:part.${part}`)).join(', '),
          })}
        </p>
      )}
    </section>
  );
};

const Revoke = ({ detail, onRevoked }: { detail: DeviceDetail; onRevoked: () => void }) => {
  const { t } = useTranslation('fleet');
  const fleet = useApi(createFleetApi);
  const locale = useLocale();
  const [asking, setAsking] = useState(false);
  const { device } = detail;
  if (device.revoked !== null) {
    const { at, by, reason } = device.revoked;
    return (
      <p className={classes.text}>
        {t('revoke.done', { time: formatDayAndClock(at, locale), by, reason })}
      </p>
    );
  }
  if (device.inUse) return <p className={classes.text}>{t('revoke.inUse')}</p>;
  if (!asking) {
    return (
      <div className={classes.end}>
        <Button variant="default" onClick={() => setAsking(true)}>
          {t('revoke.open')}
        </Button>
      </div>
    );
  }
  const send = async (reason: string): Promise<Problem | null> => {
    const answer = await fleet.revoke(device.id, reason);
    if (!answer.ok) return answer.error;
    setAsking(false);
    onRevoked();
    return null;
  };
  return (
    <ReasonForm
      label={t('revoke.label')}
      explanation={t('revoke.explanation')}
      suggestions={['fleet:revoke.lost', 'fleet:revoke.replaced', 'fleet:revoke.moved']}
      submit={t('revoke.send')}
      danger
      onSend={send}
      onCancel={() => setAsking(false)}
    />
  );
};
