import type { Document } from "../../api/documents";
import { count } from "../../format/number";
import { many } from "../../format/words";
import { Notice } from "../../ui/Notice";
import { Fact, Facts } from "../../ui/Table";

/** Which index answered a search, and what its first page cost. */
export function HowAnswered({ plan, cost }: { plan: Document<"PlanView">; cost: Document<"CostView"> }) {
  return (
    <Notice title="How the search is answered">
      <Facts>
        {Object.entries({ ...plan, ...cost }).map(([name, value]) => (
          <Fact key={name} name={name.replaceAll("_", " ")}>
            {shown(value)}
          </Fact>
        ))}
      </Facts>
    </Notice>
  );
}

function shown(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? "none" : value.map(shown).join(", ");
  }
  if (typeof value === "number") {
    return count(value);
  }
  if (typeof value === "boolean") {
    return value ? "yes" : "no";
  }
  return typeof value === "string"
    ? value
    : value === null
      ? "—"
      : many(Object.keys(value as object).length, "entry", "entries");
}
