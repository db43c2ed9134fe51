import { useId } from 'react';
import classes from './choice-cards.module.css';

/**
 * One of a few, each on a card that can be pressed anywhere. Native radio buttons: one stop for Tab, arrows choose.
 * @param value null while nothing is chosen.
 */
export const ChoiceCards = <T extends string>({
  label,
  choices,
  value,
  onChange,
  error = null,
}: {
  label: string;
  choices: readonly { readonly value: T; readonly label: string; readonly detail?: string }[];
  value: T | null;
  onChange: (value: T) => void;
  error?: string | null;
}) => {
  const name = useId();
  return (
    <fieldset className={classes.group} aria-describedby={error === null ? undefined : `${name}e`}>
      <legend className={classes.legend}>{label}</legend>
      <div className={classes.cards}>
        {choices.map((choice) => (
          <label key={choice.value} className={classes.card} data-choice={choice.value}>
            <input
              type="radio"
              name={name}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            <span>
              {choice.label}
              {choice.detail !== undefined && (
                <span className={classes.detail}>{choice.detail}</span>
              )}
            </span>
          </label>
        ))}
      </div>
      {error !== null && (
        <p id={`${name}e`} className={classes.error}>
          {error}
        </p>
      )}
    </fieldset>
  );
};
