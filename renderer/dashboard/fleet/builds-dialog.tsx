import { Button, Loader, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import { useApi, useApp, useLocale } from '#renderer/dashboard/shell/shell-context.tsx';
import { useAnswer } from '#renderer/dashboard/shell/use-answer.ts';
import { Guarded } from '#renderer/ui/guarded.tsx';
import { formatDayAndClock } from '#renderer/ui/time-format.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import type { Result } from '#shared/kernel/result.ts';
import type { Builds } from '#shared/wire/devices.ts';
import { roleHas } from '#shared/wire/roles.ts';
import { createFleetApi } from './api.ts';
import classes from './devices.module.css';

const short = (build: string): string => `${build.slice(0, 16)}…`;

/** The institution's list of builds, and what the devices run. */
export const BuildsDialog = ({
  onClose,
  onChanged,
}: {
  onClose: () => void;
  onChanged: () => void;
}) => {
  const { t } = useTranslation('fleet');
  const fleet = useApi(createFleetApi);
  const decides = useApp((s) => s.me !== null && roleHas(s.me.role, 'builds'));
  const asked = useAnswer<Builds>(fleet.builds);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { value } = asked;

  const change = async (answer: Promise<Result<null, Problem>>): Promise<void> => {
    const outcome = await answer;
    setProblem(outcome.ok ? null : outcome.error);
    await asked.load();
    onChanged();
  };
  return (
    <Dialog opened onClose={onClose} size="44rem" title={t('builds.title')}>
      <div className={classes.detail}>
        <p className={classes.text}>{t('builds.explanation')}</p>
        {!decides && <p className={classes.text}>{t('builds.readOnly')}</p>}
        {value === null ? (
          asked.problem === null && (
            <Loader aria-label={t('loading')} className={classes.loader ?? ''} />
          )
        ) : (
          <>
            <section>
              <h3 className={classes.heading}>{t('builds.allowed')}</h3>
              {value.allowed.length === 0 ? (
                <p className={classes.text}>{t('builds.empty')}</p>
              ) : (
                <ul className={classes.lines}>
                  {value.allowed.map((one) => (
                    <Guarded key={one.build} shape="line" version={one}>
                      <Allowed
                        one={one}
                        decides={decides}
                        onForbid={() => change(fleet.forbidBuild(one.build))}
                      />
                    </Guarded>
                  ))}
                </ul>
              )}
            </section>
            <section>
              <h3 className={classes.heading}>{t('builds.running')}</h3>
              {value.running.length === 0 ? (
                <p className={classes.text}>{t('builds.runningNone')}</p>
              ) : (
                <ul className={classes.lines}>
                  {value.running.map((one) => (
                    <Guarded key={one.build} shape="line" version={one}>
                      <Running
                        one={one}
                        offers={decides && !value.allowed.some(({ build }) => build === one.build)}
                        onAllow={(label) => change(fleet.allowBuild(one.build, label))}
                      />
                    </Guarded>
                  ))}
                </ul>
              )}
            </section>
          </>
        )}
        <ProblemNote problem={problem ?? asked.problem} />
      </div>
    </Dialog>
  );
};

const Allowed = ({
  one,
  decides,
  onForbid,
}: {
  one: Builds['allowed'][number];
  decides: boolean;
  onForbid: () => Promise<void>;
}) => {
  const { t } = useTranslation('fleet');
  const locale = useLocale();
  const [asking, setAsking] = useState(false);
  const { build, label, addedAt, addedBy } = one;
  return (
    <li>
      <div className={classes.build}>
        <span>
          <strong>{label}</strong> <code title={build}>{short(build)}</code>
          <span className={classes.dim}>
            {t('builds.added', { time: formatDayAndClock(addedAt, locale), by: addedBy })}
          </span>
        </span>
        {decides && !asking && (
          <Button
            variant="default"
            aria-label={t('builds.forbidLabel', { label })}
            onClick={() => setAsking(true)}
          >
            {t('builds.forbid')}
          </Button>
        )}
      </div>
      {asking && (
        <div className={classes.form}>
          <p className={classes.text}>{t('builds.forbidConfirm')}</p>
          <div className={classes.buttons}>
            <Button variant="default" onClick={() => setAsking(false)} autoFocus>
              {t('dashboard:cancel')}
            </Button>
            <Button color="alarm.6" onClick={() => void onForbid()}>
              {t('builds.confirm')}
            </Button>
          </div>
        </div>
      )}
    </li>
  );
};

const Running = ({
  one,
  offers,
  onAllow,
}: {
  one: Builds['running'][number];
  offers: boolean;
  onAllow: (label: string) => Promise<void>;
}) => {
  const { t } = useTranslation('fleet');
  const [label, setLabel] = useState(one.version);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (label.trim() !== '') void onAllow(label.trim());
  };
  return (
    <li data-look={one.state === 'not-allowed' ? 'look' : 'ok'}>
      <span>
        <strong>{one.version}</strong> <code title={one.build}>{short(one.build)}</code>{' '}
        {t('builds.devices', { count: one.devices })} · {t(`buildState.${one.state}`)}
      </span>
      {offers && (
        <form className={classes.row} onSubmit={submit}>
          <TextInput
            aria-label={t('builds.labelFor', { build: short(one.build) })}
            placeholder={t('builds.label')}
            value={label}
            maxLength={80}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <Button type="submit">{t('builds.allow')}</Button>
        </form>
      )}
    </li>
  );
};
