import "./Choice.css";

interface ChoiceProps {
  label: string;
  options: readonly { value: string; name: string }[];
  value: string;
  onChange: (value: string) => void;
}

/** One of a few, each of which is in sight. */
export function Choice({ label, options, value, onChange }: ChoiceProps) {
  return (
    <fieldset className="choice no-print" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.name}
        </button>
      ))}
    </fieldset>
  );
}
