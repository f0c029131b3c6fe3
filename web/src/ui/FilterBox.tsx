import { Search } from "lucide-react";
import { type FormEvent, useEffect, useId, useState } from "react";
import { asProblem } from "../api/problem";
import type { Searched } from "../api/searchFields";
import { Button } from "./Button";
import { late } from "./late";
import "./FilterBox.css";

// What proposes is large, and the box works without it.
const FilterInput = late(() => import("./filter/FilterInput").then((part) => part.default));

interface FilterBoxProps {
  /** The filter that is in force. */
  value: string;
  onChange: (filter: string) => void;
  /** What the last search was refused for, if it was. */
  error: unknown;
  example: string;
  /** What is searched. If it is given, the box proposes its fields, their keys and values. */
  searched?: Searched;
}

/** A box for a filter in the search language. What is wrong with it stands under it, with a mark below the place. */
export function FilterBox({ value, onChange, error, example, searched }: FilterBoxProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const [focused, setFocused] = useState(false);
  const fault = filterFault(error);
  const id = useId();
  function submit(event: FormEvent) {
    event.preventDefault();
    onChange(typed.trim());
  }
  const input = {
    className: "input",
    "data-filter": true,
    "aria-label": "Filter",
    "aria-invalid": fault !== null || undefined,
    "aria-describedby": fault === null ? undefined : id,
    spellCheck: false,
    autoCapitalize: "none",
    maxLength: 4000,
    placeholder: example,
  };
  const plain = (
    <input
      {...input}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    />
  );
  return (
    <search>
      <form className="filter no-print" onSubmit={submit}>
        <div className="filter-line">
          <Search aria-hidden="true" />
          {searched === undefined ? (
            plain
          ) : (
            <FilterInput
              {...input}
              value={typed}
              onChange={setTyped}
              searched={searched}
              takesFocus={focused}
              waiting={plain}
              needless
            />
          )}
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

/** What stands in place of a list as long as its filter is not understood. */
export function Unread({ what }: { what: string }) {
  return <p className="muted filter-unread">No {what} are shown until the filter is understood.</p>;
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
  // The next lines repeat the filter and mark the place, as the box does itself.
  const [detail = ""] = problem.message.split("\n");
  return { detail, column: column === undefined ? null : Number(column) };
}
