import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './install.module.css';

/** A text to be copied as it is, with its button. Where the browser refuses the clipboard, the text is selected. */
export const CopyBlock = ({ label, text }: { label: string; text: string }) => {
  const { t } = useTranslation('install');
  const [copied, setCopied] = useState(false);
  const id = useId();

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      const block = document.getElementById(id);
      if (block !== null) getSelection()?.selectAllChildren(block);
    }
  };

  return (
    <figure className={classes.block}>
      <figcaption className={classes.blockHead}>
        <span>{label}</span>
        <Button
          variant="default"
          size="xs"
          leftSection={copied ? <IconCheck size="1rem" /> : <IconCopy size="1rem" />}
          aria-label={t('copyWhat', { what: label })}
          onClick={() => void copy()}
        >
          {copied ? t('copied') : t('copy')}
        </Button>
      </figcaption>
      {/* A block that scrolls has to be reached by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as above */}
      <section aria-label={label} tabIndex={0} className={classes.code}>
        <pre id={id}>{text}</pre>
      </section>
    </figure>
  );
};
