const WORD = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\(|\)|[^\s()'"`]+/g;

/** Each condition of a filter that joins conditions by AND, with the filter that is left without it.
 *
 * Filters with OR, NOT or parentheses are not taken apart: what is left might mean something else.
 */
export function withoutEach(filter: string): { dropped: string; rest: string }[] {
  const conditions = conjuncts(filter);
  if (conditions.length < 2) {
    return [];
  }
  return conditions.map((dropped, index) => ({
    dropped,
    rest: conditions.filter((_, at) => at !== index).join(" AND "),
  }));
}

function conjuncts(filter: string): string[] {
  const conditions: string[] = [];
  let start = 0;
  for (const word of filter.matchAll(WORD)) {
    const upper = word[0].toUpperCase();
    if (upper === "OR" || upper === "NOT" || upper === "(") {
      return [];
    }
    if (upper === "AND") {
      conditions.push(filter.slice(start, word.index).trim());
      start = word.index + word[0].length;
    }
  }
  conditions.push(filter.slice(start).trim());
  return conditions;
}
