import { Search } from "lucide-react";
import { type FormEvent, useEffect, useId, useState } from "react";
import { asProblem } from "../api/problem";
import { Button } from "./Button";
import "./FilterBox.css";

interface FilterBoxProps {
  /** The filter that is in force. */
  value: string;
  onChange: (filter: string) => void;
  /** What the last search was refused for, if it was. */
  error: unknown;
  example: string;
}

/** A box for a filter in the search language. What is wrong with it stands under it, with a mark below the place. */
export function FilterBox({ value, onChange, error, example }: FilterBoxProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const fault = filterFault(error);
  const id = useId();
  function submit(event: FormEvent) {
    event.preventDefault();
    onChange(typed.trim());
  }
  return (
    <search>
      <form className="filter no-print" onSubmit={submit}>
        <div className="filter-line">
          <Search aria-hidden="true" />
          <input
            className="input"
            data-filter
            aria-label="Filter"
            aria-invalid={fault !== null || undefined}
            aria-describedby={fault === null ? undefined : id}
            spellCheck={false}
            autoCapitalize="none"
            maxLength={4000}
            placeholder={example}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Button type="submit">Find</Button>
          {value !== "" && (
            <Button kind="quiet" onClick={() => onChange("")}>
              Clear
            </Button>
          )}
        </div>
        {fault !== null && (
          <div id={id} className="filter-fault" role="alert">
            {fault.column !== null && <pre aria-hidden="true">{`${value}\n${" ".repeat(fault.column - 1)}^`}</pre>}
            <p>{fault.detail}</p>
          </div>
        )}
      </form>
    </search>
  );
}

/** What a search was refused for, and the column of the filter that the API names, counted from one. */
export function filterFault(error: unknown): { detail: string; column: number | null } | null {
  if (error === null || error === undefined) {
    return null;
  }
  const problem = asProblem(error);
  if (problem.code !== "invalid_filter") {
    return null;
  }
  const column = problem.document.column ?? /column (\d+)/.exec(problem.message)?.[1];
  return { detail: problem.message, column: column === undefined ? null : Number(column) };
}
