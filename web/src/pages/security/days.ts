const DAY_MS = 86_400_000;

/** The time that is some days after another, as the API takes it. */
export function daysFrom(start: Date, days: number): string {
  return new Date(start.getTime() + days * DAY_MS).toISOString();
}

/** How many whole days ago a time was; 0 for today, and for what is yet to come. */
export function daysSince(time: string, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - new Date(time).getTime()) / DAY_MS));
}
