import type { Zone } from "../../format/time";

/** A time as a `datetime-local` field takes it, in the zone: `2026-11-28T09:30`. */
export function toField(time: string, zone: Zone): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) {
    return "";
  }
  const shift = zone === "utc" ? 0 : date.getTimezoneOffset() * 60_000;
  return new Date(date.getTime() - shift).toISOString().slice(0, 16);
}

/** The time that such a field holds, in UTC; null if it is no time. */
export function fromField(field: string, zone: Zone): string | null {
  const date = new Date(zone === "utc" ? `${field}Z` : field);
  return field === "" || Number.isNaN(date.getTime()) ? null : date.toISOString();
}
