/** A field as the search language names it: `stage`, or with a key `metrics.auc`. */
export interface Field {
  name: string;
  /** What stands after the dot; null if the field takes none. */
  key: string | null;
}

const PLAIN_KEY = /^[\w./-]+$/;
const PARTS = /^(\w+)(?:\.(?:`(.*)`|(.*)))?$/s;

/** A field as a filter or an order writes it. Keys with unusual characters stand in backticks. */
export function written({ name, key }: Field): string {
  if (key === null) {
    return name;
  }
  return `${name}.${PLAIN_KEY.test(key) ? key : `\`${key}\``}`;
}

/** The field that a text names; null if it is none. */
export function fieldOf(text: string): Field | null {
  const found = PARTS.exec(text.trim());
  return found?.[1] === undefined ? null : { name: found[1], key: found[2] ?? found[3] ?? null };
}

/** The fields of a list with commas. A comma in backticks is part of a key. */
export function listedFields(text: string): Field[] {
  const parts = text.match(/(?:`[^`]*`|[^,`])+/g) ?? [];
  return parts.map(fieldOf).filter((field) => field !== null);
}

export function writtenList(fields: readonly Field[]): string {
  return fields.map(written).join(",");
}

/** A text as the search language quotes it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
