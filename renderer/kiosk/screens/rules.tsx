import { Button, Checkbox } from '@mantine/core';
import { IconArrowDown, IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { localeOf } from '#renderer/kiosk/kiosk-locale.ts';
import { cx } from '#renderer/ui/cx.ts';
import { ProblemText } from '#renderer/ui/problem-text.tsx';
import type { KioskView } from '#shared/ports/kiosk-host.port.ts';
import { useAction, useView } from '../kiosk-context.tsx';
import { countOf, facesAreChecked, policyOf } from '../selectors.ts';
import classes from './rules.module.css';
import { StageFrame } from './stage-frame.tsx';

interface Section {
  readonly key: string;
  readonly article: boolean;
  readonly items: readonly string[];
}

/** How it is checked who sits here, as it will be for this examinee. */
const identityItems = (view: KioskView): readonly string[] => {
  if (!facesAreChecked(view)) return ['hand'];
  const challenge = view.ticket?.identity.challenge === true;
  return ['face', ...(challenge ? ['challenge'] : []), 'person', 'document'];
};

/** The order of the text. What only concerns the camera is left out for the exempt (Art. 26d). */
const sections = (view: KioskView, exempt: boolean): readonly Section[] => [
  { key: 'conduct', article: true, items: ['a', 'b', 'c', 'd', 'e'] },
  { key: 'identity', article: true, items: identityItems(view) },
  ...(exempt ? [] : [{ key: 'camera', article: true, items: ['a', 'b', 'c', 'd', 'e'] as const }]),
  { key: 'computer', article: true, items: ['a', 'b', 'c', 'd'] },
  { key: 'copy', article: true, items: ['a', 'b', 'c', 'd'] },
  {
    key: 'record',
    article: false,
    items: exempt
      ? ['a', 'bExempt', 'c', 'd']
      : ['a', 'b', view.ticket?.privacy.thumbnails ? 'thumbnails' : 'noThumbnails', 'c', 'd'],
  },
  { key: 'keep', article: false, items: [exempt ? 'aExempt' : 'a', 'b', 'c'] },
];

/** Whether the end of the text was on screen: reading to the end is part of accepting (Art. 23a). */
const useReadToEnd = () => {
  const end = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLElement>(null);
  const [read, setRead] = useState(false);
  useEffect(() => {
    if (end.current === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setRead(true);
      },
      { root: box.current },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, []);
  return { end, box, read };
};

/** Prohibitions, copy attempts, what is recorded: shown and accepted before the start (Art. 23a, 26-29, 70). */
export const RulesScreen = () => {
  const { t, i18n } = useTranslation(['kiosk', 'common']);
  const view = useView();
  const { running, problem, run } = useAction();
  const { end, box, read } = useReadToEnd();
  const [checked, setChecked] = useState(false);
  const [nudged, setNudged] = useState(false);
  const exempt = policyOf(view)?.cameraExempt === true;
  const { limit } = countOf(view);
  const days = view.ticket?.privacy.retentionDays;

  const missing = !read ? 'missingScroll' : !checked ? 'missingCheck' : null;
  const accept = () => {
    setNudged(true);
    if (missing === null && !running) void run({ type: 'accept-rules', locale: localeOf(i18n) });
    if (missing === 'missingScroll') box.current?.focus();
  };

  return (
    <StageFrame
      step="rules"
      wide
      title={t('rules.title')}
      lead={t('rules.text')}
      footer={
        <>
          <Checkbox
            className={cx(classes.check)}
            size="md"
            label={t('rules.check')}
            checked={checked}
            onChange={(event) => setChecked(event.currentTarget.checked)}
          />
          <div
            id="rules-missing"
            role="status"
            className={cx(classes.missing, missing !== null && nudged && classes.nudged)}
          >
            {missing === 'missingScroll' ? (
              <IconArrowDown size="1.25rem" aria-hidden />
            ) : (
              <IconInfoCircle size="1.25rem" aria-hidden />
            )}
            {t(`rules.${missing ?? 'ready'}`)}
          </div>
          <Button
            size="lg"
            aria-disabled={missing !== null}
            aria-describedby="rules-missing"
            {...(missing === null ? {} : { 'data-disabled': true })}
            loading={running}
            onClick={accept}
          >
            {t('rules.accept')}
          </Button>
        </>
      }
    >
      <ProblemText problem={problem} />
      <section
        ref={box}
        className={cx(classes.text, !read && classes.more)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls must be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
        aria-label={t('rules.region')}
      >
        {sections(view, exempt).map(({ key, article, items }) => (
          <div key={key} className={classes.section}>
            <h2>
              {t(`rules.sections.${key}.title`)}
              {article && (
                <span className={classes.article}>
                  {t('common:article', { article: t(`rules.sections.${key}.article`) })}
                </span>
              )}
            </h2>
            <ul>
              {items.map((item) => (
                <li key={item}>{t(`rules.sections.${key}.items.${item}`, { limit, days })}</li>
              ))}
            </ul>
          </div>
        ))}
        {view.ticket !== null && (
          <p className={classes.version}>
            {t('rules.version', { version: view.ticket.rulesVersion })}
          </p>
        )}
        <div ref={end} className={classes.end} />
      </section>
    </StageFrame>
  );
};
