/** The entries of a field in which each stands on a line, or between commas. */
export function entries(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

interface Narrowing {
  only_stages: readonly string[];
  only_tags: Readonly<Record<string, string>>;
  only_fields: readonly string[];
}

/** What narrows the events of a webhook beyond their types and models, in words; nothing if nothing does. */
export function narrowingInWords({ only_stages, only_tags, only_fields }: Narrowing): string {
  const tags = Object.entries(only_tags).map(([key, value]) => `${key}=${value}`);
  return [
    only_stages.length > 0 && `a version enters ${only_stages.join(" or ")}`,
    tags.length > 0 && `tagged ${tags.join(" and ")}`,
    only_fields.length > 0 && `${only_fields.join(" or ")} changes`,
  ]
    .filter(Boolean)
    .join("; ");
}

/** What a webhook is sent, in words. */
export function filterInWords({ events, models }: { events: readonly string[]; models: readonly string[] }): string {
  const what = events.includes("*") ? "every event" : events.join(", ");
  const where = models.includes("*") ? "all models and the registry" : models.join(", ");
  return `${what} of ${where}`;
}
