import { useId, useState } from "react";
import { absolute, type Zone } from "../../format/time";
import { Tick } from "../../ui/Field";
import { singleKeys, switchSingleKeys } from "../../ui/keys";
import { chooseTheme, chosenTheme, type Theme, usePreferences } from "../../ui/preferences";

const THEMES: [Theme, string][] = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];
const ZONES: [Zone, string][] = [
  ["local", "Your own zone"],
  ["utc", "UTC"],
];

/** How pages look in this browser. Each choice holds at once. */
export function Display() {
  const { zone, setZone } = usePreferences();
  const [theme, setTheme] = useState(chosenTheme);
  const [keys, setKeys] = useState(singleKeys);
  return (
    <div className="stack">
      <Choice
        legend="Theme"
        options={THEMES}
        value={theme}
        onChange={(next) => {
          chooseTheme(next);
          setTheme(next);
        }}
      />
      <Choice legend="Times are shown in" options={ZONES} value={zone} onChange={setZone} />
      <p className="muted">Now: {absolute(new Date().toISOString(), zone)}</p>
      <Tick
        label={
          <>
            Single keys, such as <kbd>/</kbd> and <kbd>j</kbd>
          </>
        }
        checked={keys}
        onChange={(event) => {
          switchSingleKeys(event.target.checked);
          setKeys(event.target.checked);
        }}
      />
    </div>
  );
}

interface ChoiceProps<T extends string> {
  legend: string;
  options: [T, string][];
  value: T;
  onChange: (value: T) => void;
}

function Choice<T extends string>({ legend, options, value, onChange }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className="me-choice">
      <legend>{legend}</legend>
      <div className="row">
        {options.map(([option, label]) => (
          <label key={option}>
            <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
