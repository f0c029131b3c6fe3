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
  const few = all || names.length === first + 1 ? names.length : first;
  return (
    <>
      {names.map((name, place) => (
        <span key={name} className={place < few ? "aliases-one" : "print-only"}>
          <Alias name={name} locked={locked.includes(name)} />
        </span>
      ))}
      {names.length > few && (
        <span className="aliases-more no-print">
          <Button kind="quiet" onClick={() => setAll(true)}>
            <span>
              {names.length - few} more<span className="visually-hidden"> aliases</span>
            </span>
          </Button>
        </span>
      )}
    </>
  );
}
