/** The entries of a field in which each stands on a line, or between commas. */
export function entries(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/** What a webhook is sent, in words. */
export function filterInWords({ events, models }: { events: readonly string[]; models: readonly string[] }): string {
  const what = events.includes("*") ? "every event" : events.join(", ");
  const where = models.includes("*") ? "all models and the registry" : models.join(", ");
  return `${what} of ${where}`;
}
