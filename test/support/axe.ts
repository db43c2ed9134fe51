import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** Rules about colours: half of the time of a run. They see the same in every language and in windows of all sizes. */
export const COLOURS = ['color-contrast', 'link-in-text-block'] as const;

/** Rules about words, which a page in another language might lack. */
export const WORDS = [
  'aria-command-name',
  'aria-dialog-name',
  'aria-input-field-name',
  'aria-meter-name',
  'aria-progressbar-name',
  'aria-toggle-field-name',
  'aria-tooltip-name',
  'button-name',
  'document-title',
  'empty-heading',
  'html-has-lang',
  'html-lang-valid',
  'image-alt',
  'input-button-name',
  'label',
  'label-title-only',
  'link-name',
  'role-img-alt',
  'select-name',
  'summary-name',
  'svg-img-alt',
  'valid-lang',
] as const;

export interface AxeScope {
  /** Only rules with one of these tags; all of axe's own choice when left out. */
  readonly tags?: readonly string[];
  /** Only these rules, whatever their tags. */
  readonly only?: readonly string[];
  readonly without?: readonly string[];
  /** A CSS selector: only what is in there, for what lies over a page that was looked at before. */
  readonly within?: string;
}

/**
 * What axe finds in a page as it stands, in short. The page gets axe once, however often it is asked: the library's own
 * way gives it twice each time, which costs as much as the looking.
 *
 * @returns the violations; empty when all is well.
 * @throws Error when the page has frames, which it would not see.
 */
export const axeViolations = async (
  page: Page,
  { tags, only, without = [], within }: AxeScope = {},
): Promise<readonly string[]> => {
  if (page.frames().length > 1) throw new Error('this page has frames, which axe would not see');
  const there = await page.evaluate(() => 'axe' in window);
  const builder = new AxeBuilder(there ? { page, axeSource: '"here already"' } : { page });
  if (within !== undefined) builder.include(within);
  builder.setLegacyMode(true).options({
    // Of every element that passed nothing is written down.
    resultTypes: ['violations'],
    rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
  });
  if (only !== undefined) builder.withRules([...only]);
  else if (tags !== undefined) builder.withTags([...tags]);
  const { violations } = await builder.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary ?? ''}`),
  );
};

/** Tags of WCAG 2.2, levels A and AA, and of what axe thinks good practice beyond it. */
export const WCAG = [
  'wcag2a',
  'wcag2aa',
  'wcag21a',
  'wcag21aa',
  'wcag22aa',
  'best-practice',
] as const;
