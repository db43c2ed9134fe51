import { ActionIcon, SegmentedControl } from '@mantine/core';
import { IconDownload, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { STATE_ICON } from '#renderer/dashboard/live/icons.ts';
import { useRoom } from '#renderer/dashboard/live/live-context.ts';
import { awaitsDecision, stateOf, stateTone } from '#renderer/dashboard/live/tile-state.ts';
import { CoverageList } from '#renderer/dashboard/shell/coverage-list.tsx';
import { ProblemNote } from '#renderer/dashboard/shell/problem-note.tsx';
import { useApi, useApp } from '#renderer/dashboard/shell/shell-context.tsx';
import { Guarded } from '#renderer/ui/guarded.tsx';
import type { Tile } from '#shared/wire/dashboard.ts';
import { roleHas } from '#shared/wire/roles.ts';
import { createAttemptApi } from './api.ts';
import { useAttemptDetail } from './attempt-detail.ts';
import { CommandBar } from './command-bar.tsx';
import { CommandRoad } from './command-road.tsx';
import classes from './examinee-panel.module.css';
import { PanelIdentity } from './identity/panel-identity.tsx';
import { PanelDoubts } from './panel-doubts.tsx';
import { PanelEnding } from './panel-ending.tsx';
import { PanelFacts } from './panel-facts.tsx';
import { PanelIncidents } from './panel-incidents.tsx';
import { PanelLate } from './panel-late.tsx';
import { PanelRoomScans } from './panel-room-scans.tsx';
import { PanelSummary } from './panel-summary.tsx';
import { PanelThumbnail } from './panel-thumbnail.tsx';
import { Timeline } from './timeline.tsx';

export type PanelTab = 'now' | 'timeline';

/** One examinee: how it is, what happened, what one can do. Beside the plan, which stays in reach. */
export const ExamineePanel = ({
  attemptId,
  tab,
  onTab,
  onClose,
}: {
  attemptId: string;
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  onClose: () => void;
}) => {
  const { t } = useTranslation('dashboard');
  const tile = useRoom((s) => s.tiles[attemptId]);
  const known = useRoom((s) => s.known);
  const title = useRef<HTMLHeadingElement>(null);
  // Whoever opened it by keyboard goes on reading here.
  useEffect(() => title.current?.focus(), []);
  return (
    <section className={classes.panel} aria-labelledby="panel-title" data-panel={attemptId}>
      <div className={classes.head}>
        <span className={classes.seat}>{tile?.seat}</span>
        <h2 id="panel-title" ref={title} tabIndex={-1} className={classes.name}>
          {tile?.examinee.name ?? t(known ? 'panel.unknown' : 'common:loading')}
        </h2>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t('panel.close')}
          aria-keyshortcuts="Escape"
          onClick={onClose}
        >
          <IconX size="1.25rem" />
        </ActionIcon>
      </div>
      {tile !== undefined && <PanelBody tile={tile} asked={tab} onTab={onTab} />}
    </section>
  );
};

const PanelBody = ({
  tile,
  asked,
  onTab,
}: {
  tile: Tile;
  asked: PanelTab;
  onTab: (tab: PanelTab) => void;
}) => {
  const { t } = useTranslation('dashboard');
  const api = useApi(createAttemptApi);
  const role = useApp((s) => s.me?.role);
  const inspects = role !== undefined && roleHas(role, 'inspect');
  const commands = role !== undefined && roleHas(role, 'command');
  const tab = inspects ? asked : 'now';
  // Until it is settled who sits there, each change of the tile may be another check; a record that broke says why.
  const follow = tab === 'timeline' || tile.phase === 'identity';
  const version = `${tile.identity} ${tile.roomScan} ${tile.chain}`;
  const detail = useAttemptDetail(tile.attemptId, inspects, follow, version);
  const state = stateOf(tile);
  const Icon = STATE_ICON[state];
  // What waits for a decision comes first; once decided it is one more fact.
  const awaited = awaitsDecision(tile);
  const identity = detail.value !== null && (
    <PanelIdentity tile={tile} detail={detail.value} mayDecide={commands} />
  );
  return (
    <>
      <div className={classes.state} data-tone={stateTone(state)} data-panel-state={state}>
        <Icon size="1.25rem" stroke={2.25} aria-hidden />
        <span>{t(`state.${state}`)}</span>
        <span className={classes.strikes} data-some={tile.copyAttempts > 0}>
          {t('panel.strikes', { count: tile.copyAttempts, limit: tile.copyAttemptLimit })}
        </span>
      </div>
      {inspects && (
        <div className={classes.tabs}>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={t('panel.tabs')}
            value={tab}
            onChange={(value) => onTab(value === 'timeline' ? 'timeline' : 'now')}
            data={[
              { value: 'now', label: t('panel.now') },
              { value: 'timeline', label: t('panel.timeline') },
            ]}
          />
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label={t(`panel.${tab}`)}>
        <Guarded key={tab} shape="panel" version={detail.value ?? tile}>
          {detail.problem !== null && <ProblemNote problem={detail.problem} />}
          {tab === 'now' ? (
            <>
              <PanelSummary tile={tile} />
              <PanelEnding tile={tile} />
              {detail.value !== null && (
                <PanelDoubts doubts={detail.value.doubts} entries={detail.value.entries} />
              )}
              {awaited && identity}
              <PanelIncidents tile={tile} detail={detail.value} mayCommand={commands} />
              {detail.value !== null && detail.value.late !== null && (
                <PanelLate {...detail.value.late} />
              )}
              <CommandRoad attemptId={tile.attemptId} known={detail.value?.commands ?? []} />
              {detail.value !== null && <PanelRoomScans tile={tile} detail={detail.value} />}
              {!awaited && identity}
              {inspects && <PanelThumbnail tile={tile} />}
              <PanelFacts tile={tile} folded={commands}>
                {detail.value !== null && tile.phase !== 'expected' && (
                  <CoverageList coverage={detail.value.coverage} />
                )}
              </PanelFacts>
              {inspects && tile.phase !== 'expected' && (
                <a className={classes.export} href={api.exportUrl(tile.attemptId)} download>
                  <IconDownload className={classes.exportIcon} size="1.125rem" aria-hidden />
                  <span>
                    <span className={classes.exportWord}>{t('panel.export')}</span>
                    <span className={classes.exportHint}>{t('panel.exportHint')}</span>
                  </span>
                </a>
              )}
            </>
          ) : (
            <Timeline entries={detail.value?.entries ?? null} failed={detail.problem !== null} />
          )}
        </Guarded>
      </section>
      {commands && <CommandBar tile={tile} />}
    </>
  );
};
