import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './guarded.module.css';

/** What stands in the place of a part that failed: a tile of the plan, a line of a list, a row of a table, a section, a page. */
type Shape = 'tile' | 'line' | 'row' | 'panel' | 'screen';

interface GuardedProps {
  readonly shape: Shape;
  /** Whose part it is, said beside the words: a seat, a name. */
  readonly of?: string | undefined;
  /** What is drawn: when it is another than what failed, it is tried again. */
  readonly version?: unknown;
  /** Of a row: how many columns its table has. */
  readonly columns?: number;
  /** A function is drawn inside, so that its own faults are caught too. */
  readonly children: ReactNode | (() => ReactNode);
}

interface GuardedState {
  readonly broken: boolean;
  readonly version: unknown;
}

/**
 * A part that fails while it is drawn is shown as broken, and its neighbours stand: whatever a record has in it, no
 * screen goes blank. It draws again when its data change, or when somebody asks for it.
 */
export class Guarded extends Component<GuardedProps, GuardedState> {
  override state: GuardedState = { broken: false, version: this.props.version };

  static getDerivedStateFromError(): Partial<GuardedState> {
    return { broken: true };
  }

  static getDerivedStateFromProps(props: GuardedProps, state: GuardedState): GuardedState | null {
    return Object.is(props.version, state.version)
      ? null
      : { broken: false, version: props.version };
  }

  override componentDidCatch(error: unknown): void {
    console.error('a part of the page failed', this.props.shape, this.props.of ?? '', error);
  }

  override render(): ReactNode {
    const { children, shape, of, columns } = this.props;
    if (!this.state.broken) {
      return typeof children === 'function' ? <Drawn draw={children} /> : children;
    }
    const again = () => this.setState({ broken: false });
    return <Broken shape={shape} of={of} columns={columns} onAgain={again} />;
  }
}

const Drawn = ({ draw }: { draw: () => ReactNode }) => draw();

const Broken = ({
  shape,
  of,
  columns,
  onAgain,
}: {
  shape: Shape;
  of: string | undefined;
  columns: number | undefined;
  onAgain: () => void;
}) => {
  const { t } = useTranslation('common');
  const words = (
    <>
      <IconAlertTriangle className={classes.icon} size="1.25rem" aria-hidden />
      <span>
        {of !== undefined && <strong className={classes.of}>{of}</strong>}
        {t('broken.title')}
      </span>
    </>
  );
  if (shape === 'screen' || shape === 'panel') {
    const reload = () => (shape === 'screen' ? window.location.reload() : onAgain());
    return (
      <div className={classes.place} data-broken={shape} role="alert">
        <p className={classes.words}>{words}</p>
        <p className={classes.text}>{t(`broken.${shape}`)}</p>
        <Button variant="default" onClick={reload}>
          {t(shape === 'screen' ? 'crash.reload' : 'broken.again')}
        </Button>
      </div>
    );
  }
  const line = (
    <button type="button" className={classes.again} title={t('broken.again')} onClick={onAgain}>
      {words}
    </button>
  );
  if (shape === 'row') {
    return (
      <tr data-broken="row">
        <td colSpan={columns}>{line}</td>
      </tr>
    );
  }
  return shape === 'line' ? (
    <li className={classes.line} data-broken="line">
      {line}
    </li>
  ) : (
    <div className={classes.tile} data-broken="tile">
      {line}
    </div>
  );
};
