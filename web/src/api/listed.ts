/** A name as the only one of a parameter that is a list with commas: one that has a comma or a quote stands in quotes. */
export function inList(name: string): string {
  return /[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
