import "./SortHead.css";

export type Sorted = "ascending" | "descending";

interface SortHeadProps {
  name: string;
  /** How the table is sorted by this column; undefined if by another one. */
  sorted: Sorted | undefined;
  /** The direction of the first press. */
  first?: Sorted;
  onSort: (direction: Sorted) => void;
}

/** The head of a column by which the server can sort. */
export function SortHead({ name, sorted, first = "descending", onSort }: SortHeadProps) {
  const next = sorted === undefined ? first : sorted === "ascending" ? "descending" : "ascending";
  return (
    <button type="button" className="sort-head" title={`Sort by ${name}, ${next}`} onClick={() => onSort(next)}>
      <span className="sort-head-name">{name}</span>
      <span aria-hidden="true" className={sorted === undefined ? "sort-head-off" : undefined}>
        {(sorted ?? first) === "ascending" ? "↑" : "↓"}
      </span>
    </button>
  );
}
