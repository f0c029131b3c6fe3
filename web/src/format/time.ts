/** The zone in which times are shown: the reader's own, or UTC. */
export type Zone = "local" | "utc";

const ZONE_KEY = "moorage-zone";
const DAY = 86_400;
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * DAY],
  ["month", 30 * DAY],
  ["day", DAY],
  ["hour", 3_600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

export function chosenZone(): Zone {
  return localStorage.getItem(ZONE_KEY) === "utc" ? "utc" : "local";
}

export function chooseZone(zone: Zone): void {
  localStorage.setItem(ZONE_KEY, zone);
}

/** `2026-11-28 09:30 UTC`: minutes are enough to read, and the whole time is in the title. */
export function absolute(time: string, zone: Zone): string {
  const date = new Date(time);
  const parts = new Intl.DateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
    ...(zone === "utc" ? { timeZone: "UTC" } : {}),
  }).formatToParts(date);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")} ${part("timeZoneName")}`;
}

/** `3 hours ago`, `in 2 days`, `just now`. */
export function relativeTo(time: string, now: Date): string {
  const seconds = (new Date(time).getTime() - now.getTime()) / 1000;
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) {
      return relative.format(Math.trunc(seconds / size), unit);
    }
  }
  return seconds > 0 ? "in a moment" : "just now";
}

/** The day of a time in the zone, as a heading. */
export function dayOf(time: string, zone: Zone): string {
  return absolute(time, zone).slice(0, 10);
}

/** A number of seconds, in the two largest units: `2 d 3 h`, `1 h 5 min`, `40 s`. */
export function duration(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / DAY), "d"],
    [Math.floor((seconds % DAY) / 3_600), "h"],
    [Math.floor((seconds % 3_600) / 60), "min"],
    [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  const said = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2).filter(([amount]) => amount > 0);
  return said.map(([amount, unit]) => `${amount} ${unit}`).join(" ");
}

/** How long it is from one time to a later one. */
export function lapse(from: string, to: string): string {
  return duration(Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000)));
}
