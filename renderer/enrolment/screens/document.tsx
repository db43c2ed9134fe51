import { Button, TextInput } from '@mantine/core';
import { IconCircleCheck, IconQrcode } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#renderer/ui/cx.ts';
import { REFUSALS } from '../document-look.ts';
import { numberProblem } from '../document-number.ts';
import { useEnrolment, useEnrolmentState, useStatus } from '../enrolment-context.tsx';
import type { DocumentDraft } from '../enrolment-store.ts';
import classes from './camera.module.css';
import { DocumentView } from './document-view.tsx';
import { Frame } from './frame.tsx';
import panel from './panel.module.css';

/** The document: its photo, its number, and the code of a digital one. */
export const DocumentScreen = () => {
  const { t } = useTranslation('enrolment');
  const enrolment = useEnrolment();
  const { examinee } = useStatus();
  const kind = examinee.documentKind;
  const document = useEnrolmentState((state) => state.draft.document);
  const inRoom = useEnrolmentState((state) => state.inRoom);
  const [mode, setMode] = useState<'photo' | 'qr'>('photo');
  const [qrBroken, setQrBroken] = useState(false);
  const [left, setLeft] = useState(false);
  const [tried, setTried] = useState(false);
  /** The number of which the person was told that it does not fit, and who may know better. */
  const [doubted, setDoubted] = useState<string | null>(null);
  const wrong = numberProblem(kind, document.number);
  const keep = (part: Partial<DocumentDraft>): void =>
    enrolment.keep({ document: { ...enrolment.store.getState().draft.document, ...part } });
  const missing = document.picture === null;
  const goOn = () => {
    setTried(true);
    const insists = wrong === 'check-digit' && doubted === document.number;
    if (wrong === 'check-digit') setDoubted(document.number);
    if ((wrong === null || insists) && !missing) enrolment.go('review');
  };
  // An empty field is not scolded before the person wanted to go on.
  const shown = tried || (left && wrong !== 'empty') ? wrong : null;
  return (
    <Frame
      step="document"
      title={t(`document.title.${kind}`)}
      lead={t(`document.lead.${kind}`)}
      onBack={() => enrolment.go('face')}
      footer={
        <>
          <div role="status" className={cx(panel.missing, tried && missing && panel.nudged)}>
            {missing ? t('document.missing') : ''}
          </div>
          <Button size="md" onClick={goOn}>
            {t('continue')}
          </Button>
        </>
      }
    >
      <div className={classes.stage}>
        <DocumentView
          mode={mode}
          picture={document.picture}
          onPicture={(picture, doubt) => keep({ picture, doubt })}
          onRefused={() => keep({ refused: document.refused + 1 })}
          mayInsist={document.refused >= (inRoom ? REFUSALS.inRoom : REFUSALS.alone)}
          onQr={(qr) => {
            keep({ qr });
            setMode('photo');
          }}
          onQrBroken={() => {
            setQrBroken(true);
            setMode('photo');
          }}
        />
        <div className={classes.side}>
          <div className={classes.group}>
            <TextInput
              className={cx(classes.field)}
              size="md"
              label={t(`document.number.${kind}`)}
              description={t(`document.numberHint.${kind}`)}
              value={document.number}
              onChange={(event) => keep({ number: event.currentTarget.value })}
              onBlur={() => setLeft(true)}
              onFocus={() => setLeft(false)}
              error={shown === null ? null : t(`document.numberProblem.${shown}`)}
              inputMode={kind === 'cedula' ? 'numeric' : 'text'}
              autoComplete="off"
              spellCheck={false}
              maxLength={20}
            />
          </div>
          {kind === 'cedula' && (
            <section className={classes.group} aria-labelledby="digital">
              <h2 id="digital">{t('document.qr')}</h2>
              {document.qr !== null ? (
                <>
                  <div className={classes.row} role="status">
                    <IconCircleCheck size="1.25rem" aria-hidden />
                    {t('document.qrRead')}
                  </div>
                  <p>{t('document.qrSend')}</p>
                  <code className={classes.code} data-qr>
                    {document.qr}
                  </code>
                  <Button variant="default" onClick={() => keep({ qr: null })}>
                    {t('document.qrRemove')}
                  </Button>
                </>
              ) : (
                <>
                  <p>{t('document.qrText')}</p>
                  <Button
                    variant="default"
                    leftSection={<IconQrcode size="1.125rem" aria-hidden />}
                    onClick={() => {
                      setQrBroken(false);
                      setMode(mode === 'qr' ? 'photo' : 'qr');
                    }}
                  >
                    {t(mode === 'qr' ? 'document.qrStop' : 'document.qrScan')}
                  </Button>
                  <div role="alert">{qrBroken ? t('document.qrFailed') : ''}</div>
                </>
              )}
            </section>
          )}
        </div>
      </div>
    </Frame>
  );
};
