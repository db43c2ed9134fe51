import classes from './facts.module.css';

/** Names and values, one under the other. */
export const Facts = ({ rows }: { rows: readonly (readonly [name: string, value: string])[] }) => (
  <dl className={classes.facts}>
    {rows.map(([name, value]) => (
      <div key={name} className={classes.row}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
