const METRIC = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\bmetrics?\.(?:`([^`]+)`|([\w/.-]+))/g;

/** Orders of versions that an index keeps, by what the API calls them. */
export const ORDERS: [string, string][] = [
  ["", "Newest first"],
  ["updated_at DESC", "Last changed first"],
  ["name", "Model"],
];

/** The metrics that a filter names, each once. Text in quotes is not searched. */
export function namedMetrics(filter: string): string[] {
  const found = [...filter.matchAll(METRIC)].map(([, quoted, plain]) => quoted ?? plain);
  return [...new Set(found.filter((name) => name !== undefined))];
}
