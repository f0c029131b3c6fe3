import { useState } from "react";
import { Alias } from "./Badges";
import { Button } from "./Button";

interface AliasesProps {
  names: readonly string[];
  /** The names that are protected. */
  locked?: readonly string[];
  /** How many are shown until more are asked for. */
  first?: number;
}

/** The aliases of a version, a few until more are asked for. */
export function Aliases({ names, locked = [], first = 4 }: AliasesProps) {
  const [all, setAll] = useState(false);
  // A button for a single one would take the place of that one.
  const shown = all || names.length === first + 1 ? names : names.slice(0, first);
  return (
    <>
      {shown.map((name) => (
        <Alias key={name} name={name} locked={locked.includes(name)} />
      ))}
      {names.length > shown.length && (
        <Button kind="quiet" className="aliases-more" onClick={() => setAll(true)}>
          {names.length - shown.length} more<span className="visually-hidden"> aliases</span>
        </Button>
      )}
    </>
  );
}
