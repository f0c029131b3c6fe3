/** Tags as people write them: one `name=value` a line. */
export function tagLines(tags: Record<string, string>): string {
  return Object.entries(tags)
    .map(([name, value]) => `${name}=${value}`)
    .join("\n");
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
