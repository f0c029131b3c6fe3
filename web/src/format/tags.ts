import { many } from "./words";

/** Tags as people write them: one `name=value` a line. Those that do not fit a line are left out. */
export function tagLines(tags: Record<string, string>): string {
  return Object.entries(tags)
    .filter(fits)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n");
}

/** The tags that `tagLines` leaves out, such as those that hold a whole note. */
export function otherTags(tags: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter((tag) => !fits(tag)));
}

/** How to write the tags of something that has `tags`. */
export function tagsHint(tags: Record<string, string>): string {
  const others = Object.keys(otherTags(tags)).length;
  const kept = others === 0 ? "" : ` ${many(others, "other tag")} that no line can hold will stay.`;
  return `One name=value a line. What you leave out is removed.${kept}`;
}

function fits([name, value]: [string, string]): boolean {
  return !name.includes("=") && name === name.trim() && value === value.trim() && !/[\r\n]/.test(value);
}

/** The tags of such lines, or what is wrong with them. Empty lines are skipped, and a name alone is a tag without a value. */
export function parseTags(text: string): { tags: Record<string, string> } | { fault: string } {
  const tags: [string, string][] = [];
  const seen = new Set<string>();
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const at = line.indexOf("=");
    const name = (at < 0 ? line : line.slice(0, at)).trim();
    if (name === "") {
      return { fault: `“${line}” has no name before the =.` };
    }
    if (seen.has(name)) {
      return { fault: `The tag ${name} is there twice.` };
    }
    seen.add(name);
    tags.push([name, at < 0 ? "" : line.slice(at + 1).trim()]);
  }
  return { tags: Object.fromEntries(tags) };
}
