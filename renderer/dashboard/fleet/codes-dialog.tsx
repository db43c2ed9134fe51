import { Button, NativeSelect, NumberInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '#renderer/dashboard/shell/desk-dialog.tsx';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import { useApi, useLocale, useShell } from '#renderer/dashboard/shell/shell-context.tsx';
import { formatDayAndClock } from '#renderer/ui/time-format.ts';
import type { Problem } from '#shared/kernel/problem.ts';
import { MINUTE } from '#shared/kernel/time.ts';
import type { DevicesResponse, NewCodes, NewCodesRequest } from '#shared/wire/devices.ts';
import { createFleetApi } from './api.ts';
import classes from './devices.module.css';

type Rooms = DevicesResponse['rooms'];
const HOURS = [8, 24, 168, 720] as const;
const MOST = 200;

/** Makes one-time codes for enrolling devices: asked, confirmed, shown once. */
export const CodesDialog = ({
  rooms,
  openCodes,
  onClose,
  onChanged,
}: {
  rooms: Rooms;
  openCodes: number;
  onClose: () => void;
  onChanged: () => void;
}) => {
  const { t } = useTranslation('fleet');
  const fleet = useApi(createFleetApi);
  const [request, setRequest] = useState<NewCodesRequest | null>(null);
  const [made, setMade] = useState<NewCodes | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);

  const make = async (wanted: NewCodesRequest): Promise<void> => {
    setBusy(true);
    setProblem(null);
    const answer = await fleet.newCodes(wanted);
    setBusy(false);
    if (!answer.ok) return setProblem(answer.error);
    setMade(answer.value);
    setRequest(null);
    onChanged();
  };
  return (
    <Dialog
      opened
      onClose={onClose}
      size="38rem"
      title={t('codes.title')}
      keep={made === null ? undefined : t('codes.keep')}
    >
      <div className={classes.detail}>
        <p className={classes.text}>{t('codes.explanation')}</p>
        {made !== null ? (
          <Made made={made} onMore={() => setMade(null)} />
        ) : request !== null ? (
          <Confirm
            request={request}
            rooms={rooms}
            busy={busy}
            onMake={() => void make(request)}
            onBack={() => setRequest(null)}
          />
        ) : (
          <>
            <Ask rooms={rooms} onNext={setRequest} />
            <VoidCodes openCodes={openCodes} onChanged={onChanged} />
          </>
        )}
        <ProblemNote problem={problem} />
      </div>
    </Dialog>
  );
};

const Ask = ({ rooms, onNext }: { rooms: Rooms; onNext: (request: NewCodesRequest) => void }) => {
  const { t } = useTranslation('fleet');
  const [count, setCount] = useState<number | string>(10);
  const [roomId, setRoomId] = useState('');
  const [hours, setHours] = useState<string>('24');
  const [wrong, setWrong] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const number = Number(count);
    const fits = Number.isInteger(number) && number >= 1 && number <= MOST;
    setWrong(!fits);
    if (!fits) return;
    const room = rooms.find(({ id }) => id === roomId)?.id ?? null;
    onNext({ count: number, roomId: room, validHours: Number(hours) });
  };
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <NumberInput
        label={t('codes.count')}
        value={count}
        onChange={setCount}
        min={1}
        max={MOST}
        clampBehavior="none"
        allowDecimal={false}
        hideControls
        error={wrong ? t('codes.badCount') : null}
        data-autofocus
      />
      <NativeSelect
        label={t('codes.room')}
        value={roomId}
        onChange={(event) => setRoomId(event.currentTarget.value)}
        data={[
          { value: '', label: t('codes.anyRoom') },
          ...rooms.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <NativeSelect
        label={t('codes.valid')}
        value={hours}
        onChange={(event) => setHours(event.currentTarget.value)}
        data={HOURS.map((one) => ({ value: String(one), label: t(`codes.hours.${one}`) }))}
      />
      <Button type="submit">{t('codes.next')}</Button>
    </form>
  );
};

const Confirm = ({
  request,
  rooms,
  busy,
  onMake,
  onBack,
}: {
  request: NewCodesRequest;
  rooms: Rooms;
  busy: boolean;
  onMake: () => void;
  onBack: () => void;
}) => {
  const { t } = useTranslation('fleet');
  const { clock } = useShell();
  const locale = useLocale();
  const room = rooms.find(({ id }) => id === request.roomId)?.name ?? t('codes.anyRoom');
  const expires = clock.now() + request.validHours * 60 * MINUTE;
  return (
    <div className={classes.form}>
      <p className={classes.text} role="status">
        {t('codes.confirm', {
          count: request.count,
          room,
          time: formatDayAndClock(expires, locale),
        })}
      </p>
      <div className={classes.buttons}>
        <Button variant="default" onClick={onBack} disabled={busy}>
          {t('codes.back')}
        </Button>
        <Button onClick={onMake} loading={busy} autoFocus>
          {t('codes.make')}
        </Button>
      </div>
    </div>
  );
};

const Made = ({ made, onMore }: { made: NewCodes; onMore: () => void }) => {
  const { t } = useTranslation('fleet');
  const locale = useLocale();
  const file = `data:text/csv;charset=utf-8,${encodeURIComponent(`${made.codes.join('\r\n')}\r\n`)}`;
  return (
    <>
      <h3 className={classes.heading}>{t('codes.made')}</h3>
      <ul className={classes.codes} data-codes>
        {made.codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p className={classes.text} role="status">
        {t('codes.expires', { time: formatDayAndClock(made.expiresAt, locale) })}
      </p>
      <div className={classes.buttons}>
        <Button variant="default" onClick={onMore}>
          {t('codes.more')}
        </Button>
        <Button
          component="a"
          href={file}
          download={t('codes.file')}
          leftSection={<IconDownload size="1.125rem" aria-hidden />}
        >
          {t('codes.save')}
        </Button>
      </div>
    </>
  );
};

const VoidCodes = ({ openCodes, onChanged }: { openCodes: number; onChanged: () => void }) => {
  const { t } = useTranslation('fleet');
  const fleet = useApi(createFleetApi);
  const [asking, setAsking] = useState(false);
  const [ended, setEnded] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = async (): Promise<void> => {
    const answer = await fleet.voidCodes();
    if (!answer.ok) return setProblem(answer.error);
    setEnded(answer.value);
    setAsking(false);
    onChanged();
  };
  return (
    <section className={classes.form}>
      <p className={classes.text} role="status">
        {ended === null
          ? t('codes.open', { count: openCodes })
          : t('codes.voided', { count: ended })}
      </p>
      {asking ? (
        <>
          <p className={classes.text}>{t('codes.voidConfirm')}</p>
          <div className={classes.buttons}>
            <Button variant="default" onClick={() => setAsking(false)} autoFocus>
              {t('dashboard:cancel')}
            </Button>
            <Button color="alarm.6" onClick={() => void send()}>
              {t('codes.voidSend')}
            </Button>
          </div>
        </>
      ) : (
        openCodes > 0 &&
        ended === null && (
          <div className={classes.end}>
            <Button variant="default" onClick={() => setAsking(true)}>
              {t('codes.void')}
            </Button>
          </div>
        )
      )}
      <ProblemNote problem={problem} />
    </section>
  );
};
