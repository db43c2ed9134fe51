import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from './cx.ts';
import { LocaleSwitch } from './locale-switch.tsx';
import { Mark } from './mark.tsx';
import classes from './plain-page.module.css';

/**
 * A page that anybody may read without a sign-in: mark, name, language, and what there is to read.
 * @param className of what there is to read.
 */
export const PlainPage = ({
  brand,
  className,
  children,
}: {
  brand: string;
  className?: string | undefined;
  children: ReactNode;
}) => {
  const { i18n } = useTranslation();
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <Mark size={2.25} dark />
        <span className={classes.brand}>{brand}</span>
        <div className={classes.language}>
          <LocaleSwitch onChange={(locale) => void i18n.changeLanguage(locale)} />
        </div>
      </header>
      <main className={cx(className)}>{children}</main>
    </div>
  );
};
