import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconInfoCircle,
  IconRefresh,
} from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PlainPage } from '#renderer/ui/plain-page.tsx';
import type { BrowserCheck, BrowserOutcome } from './browser-checks.ts';
import { chromeOsPolicies, kioskAddress } from './chromeos-policies.ts';
import { CopyBlock } from './copy-block.tsx';
import classes from './install.module.css';

const ICONS: Readonly<Record<BrowserOutcome, typeof IconCircleCheck>> = {
  ok: IconCircleCheck,
  mild: IconInfoCircle,
  failed: IconAlertTriangle,
};

const STEPS = [
  'enrol',
  'app',
  'autostart',
  'policies',
  'configuration',
  'asset',
  'verify',
] as const;
const LIMITS = ['programs', 'usb', 'mirror', 'attestation', 'updates'] as const;
const json = (value: unknown): string => JSON.stringify(value, null, 2);

const CheckLine = ({ line }: { line: BrowserCheck }) => {
  const { t } = useTranslation('install');
  const Icon = ICONS[line.outcome];
  return (
    <li className={classes.line} data-outcome={line.outcome}>
      <Icon aria-hidden className={classes.icon} />
      <div>
        <div className={classes.lineName}>
          {t(`checks.${line.id}.name`)}
          <span className={classes.outcome}>{t(`outcome.${line.outcome}`)}</span>
        </div>
        <div>{t(`checks.${line.id}.${line.outcome}`)}</div>
      </div>
    </li>
  );
};

/** The browser that shows this page: is it right for an exam? */
const PresentBrowser = ({ check }: { check: () => Promise<readonly BrowserCheck[]> }) => {
  const { t } = useTranslation('install');
  const [lines, setLines] = useState<readonly BrowserCheck[] | null>(null);
  const look = useCallback(() => {
    setLines(null);
    void check().then(setLines);
  }, [check]);
  useEffect(look, [look]);
  return (
    <section aria-labelledby="browser" className={classes.section}>
      <div className={classes.sectionHead}>
        <h2 id="browser">{t('browser.title')}</h2>
        <Button
          variant="default"
          size="sm"
          leftSection={<IconRefresh size="1rem" />}
          loading={lines === null}
          onClick={look}
        >
          {t('browser.again')}
        </Button>
      </div>
      <p>{t('browser.text')}</p>
      <ul className={classes.lines} aria-live="polite">
        {(lines ?? []).map((line) => (
          <CheckLine key={line.id} line={line} />
        ))}
      </ul>
    </section>
  );
};

/**
 * For administrators of ChromeOS devices: what to set in the Google Admin console, the policies to copy with
 * this server's address, and whether the browser in front of them is right.
 * @param origin of this server.
 */
export const InstallPage = ({
  origin,
  check,
}: {
  origin: string;
  check: () => Promise<readonly BrowserCheck[]>;
}) => {
  const { t } = useTranslation('install');
  const { kioskSession, managedConfiguration } = chromeOsPolicies(origin);
  const address = kioskAddress(origin);
  return (
    <PlainPage brand={t('title')} className={classes.main}>
      <h1>{t('heading')}</h1>
      <p className={classes.lead}>{t('lead')}</p>
      <div className={classes.columns}>
        <div className={classes.column}>
          <section aria-labelledby="steps" className={classes.section}>
            <h2 id="steps">{t('steps.title')}</h2>
            <ol className={classes.steps}>
              {STEPS.map((step) => (
                <li key={step}>
                  <h3>{t(`steps.${step}.title`)}</h3>
                  <p>{t(`steps.${step}.text`, { address })}</p>
                </li>
              ))}
            </ol>
          </section>
          <section aria-labelledby="limits" className={classes.section}>
            <h2 id="limits">{t('limits.title')}</h2>
            <ul className={classes.plain}>
              {LIMITS.map((limit) => (
                <li key={limit}>{t(`limits.${limit}`)}</li>
              ))}
            </ul>
          </section>
        </div>
        <div className={classes.column}>
          <PresentBrowser check={check} />
          <section aria-labelledby="copies" className={classes.section}>
            <h2 id="copies">{t('blocks.title')}</h2>
            <CopyBlock label={t('blocks.address')} text={address} />
            <CopyBlock label={t('blocks.policies')} text={json(kioskSession)} />
            <CopyBlock label={t('blocks.configuration')} text={json(managedConfiguration)} />
          </section>
        </div>
      </div>
    </PlainPage>
  );
};
