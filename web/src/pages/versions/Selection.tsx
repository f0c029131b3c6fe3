import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { many } from "../../format/words";
import { Button } from "../../ui/Button";
import { usePageKeys } from "../../ui/keys";

const FEWEST = 2;
const MOST = 5;

interface SelectionProps {
  model: string;
  selected: readonly number[];
  /** The number of the version that serves, if one does. */
  champion: number | undefined;
  onClear: () => void;
}

/** What can be done with the selected versions: compare them, the champion first. */
export function Selection({ model, selected, champion, onClear }: SelectionProps) {
  const navigate = useNavigate();
  const versions = compared(selected, champion);
  const refused = refusal(versions);
  const compare = () => {
    if (refused === undefined) {
      void navigate({ to: "/models/$model/compare", params: { model }, search: { v: versions.join(",") } });
    }
  };
  usePageKeys(useMemo(() => ({ c: () => document.getElementById("compare-selected")?.click() }), []));
  return (
    <div className="row versions-selection no-print" role="status">
      {selected.length === 0 ? (
        <span className="muted">Select versions to compare them.</span>
      ) : (
        <>
          <span>
            {many(selected.length, "version")} selected: {selected.join(", ")}
          </span>
          <Button id="compare-selected" refused={refused} onClick={compare}>
            {selected.length === 1 && versions.length === FEWEST
              ? "Compare with the champion"
              : `Compare ${many(versions.length, "version")}`}
          </Button>
          <Button kind="quiet" onClick={onClear}>
            Clear
          </Button>
        </>
      )}
    </div>
  );
}

/** The versions to compare, the base first: the champion if it is among them or if there is only one other, else the oldest. */
export function compared(selected: readonly number[], champion: number | undefined): number[] {
  const sorted = [...selected].sort((a, b) => a - b);
  if (champion === undefined || (selected.length !== 1 && !selected.includes(champion))) {
    return sorted;
  }
  return [champion, ...sorted.filter((number) => number !== champion)];
}

function refusal(versions: readonly number[]): string | undefined {
  if (versions.length < FEWEST) {
    return "Select at least two.";
  }
  return versions.length > MOST ? "At most five can be compared." : undefined;
}
