import { type Field, fieldOf, written } from "../../format/fields";
import type { Direction } from "../../format/number";
import type { Sorted } from "../../ui/SortHead";

/** The order in which versions stand unless the reader sorts: newest first. */
export const NEWEST_FIRST = "version DESC";

/** The field of an order, and its direction. The newest versions first if it names none. */
export function orderOf(text: string): { field: string; sorted: Sorted } {
  const [, field, direction] = /^(.*?)(?:\s+(ASC|DESC))?$/is.exec(text.trim()) ?? [];
  if (field === undefined || field === "") {
    return { field: "version", sorted: "descending" };
  }
  return { field, sorted: direction?.toUpperCase() === "DESC" ? "descending" : "ascending" };
}

/** An order as the API takes it; undefined for the usual one, which the address leaves out. */
export function orderText(field: string, sorted: Sorted): string | undefined {
  const text = `${field} ${sorted === "descending" ? "DESC" : "ASC"}`;
  return text === NEWEST_FIRST ? undefined : text;
}

/** Whether the registry has an index with the order of a field, so that any number of versions can be sorted by it. */
export function sortable({ name }: Field): boolean {
  return name === "version" || name === "metrics" || name === "updated_at";
}

/** The direction that a reader wants first: the best values at the top. */
export function firstDirection(field: Field, directions: Record<string, Direction>): Sorted {
  return field.name === "metrics" && field.key !== null && directions[field.key] === "down"
    ? "ascending"
    : "descending";
}

/** What an order leaves out, in words; null if nothing. */
export function leftOut(order: string): string | null {
  const field = fieldOf(orderOf(order).field);
  return field?.name === "metrics" ? `Versions without ${written(field)} are left out by this order.` : null;
}
