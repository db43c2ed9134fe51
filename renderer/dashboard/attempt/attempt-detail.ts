import { useEffect, useRef, useState } from 'react';
import { useLive } from '#renderer/dashboard/live/live-context.ts';
import { useApi } from '#renderer/dashboard/shell/shell-context.tsx';
import type { Problem } from '#shared/kernel/problem.ts';
import type { EpochMs, ExamTime } from '#shared/kernel/time.ts';
import type { AttemptDetail } from '#shared/wire/dashboard.ts';
import { createAttemptApi } from './api.ts';

/** Each look at an attempt is put on record by the server: no more than one in this time, ms. */
const EVERY_MS = 4_000;

/** The server's clock at a moment of exam time, as the nearest entry before it has it. */
export const wallAt = ({ entries }: Pick<AttemptDetail, 'entries'>, t: ExamTime): EpochMs => {
  const near = entries.findLast((entry) => entry.t <= t) ?? entries[0];
  return near === undefined ? t : near.wall + (t - near.t);
};

/**
 * An attempt in full: asked for once, again when `version` is another, and after every change while `follow` holds.
 * @param wanted whether the person may see it at all.
 * @param version what of the tile makes the last answer old.
 */
export const useAttemptDetail = (
  attemptId: string,
  wanted: boolean,
  follow: boolean,
  version = '',
): { readonly value: AttemptDetail | null; readonly problem: Problem | null } => {
  const api = useApi(createAttemptApi);
  const { store: room } = useLive();
  const [value, setValue] = useState<AttemptDetail | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const askedAt = useRef(Number.NEGATIVE_INFINITY);
  const seen = useRef(version);
  // Kept apart from the version: one that went there and back meanwhile is still news.
  const owed = useRef(true);

  useEffect(() => {
    if (!wanted) return undefined;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const ask = async () => {
      timer = null;
      askedAt.current = performance.now();
      owed.current = false;
      const answer = await api.detail(attemptId);
      if (gone) return;
      setProblem(answer.ok ? null : answer.error);
      if (answer.ok) setValue(answer.value);
    };
    const askSoon = () => {
      timer ??= setTimeout(
        () => void ask(),
        Math.max(0, askedAt.current + EVERY_MS - performance.now()),
      );
    };
    if (seen.current !== version) owed.current = true;
    seen.current = version;
    if (owed.current || follow) askSoon();
    const stop = follow
      ? room.subscribe((now, before) => {
          if (now.tiles[attemptId] !== before.tiles[attemptId]) askSoon();
        })
      : () => undefined;
    return () => {
      gone = true;
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [api, room, attemptId, wanted, follow, version]);

  return { value, problem };
};
