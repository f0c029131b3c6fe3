import type { SearchField } from "../../api/searchFields";
import { quoted, written } from "../../format/fields";

/** Something that can stand where the caret is, and the filter with it. */
export interface Completion {
  label: string;
  /** What it is, in a word or two. */
  note: string;
  /** The whole filter afterwards, and where the caret stands then. */
  filter: string;
  caret: number;
}

type Known = Pick<SearchField, "name" | "key" | "kind" | "comparators" | "keys" | "values" | "description">;

const TOKEN = /'(?:[^']|'')*'?|"(?:[^"]|"")*"?|[(),]|[<>=!]+|(?:[^\s()'"`<>=!,]|`[^`]*`?)+/g;
const MOST = 12;
// The order in which people need them; what is not listed comes last.
const COMPARATORS = ["=", "!=", ">", ">=", "<", "<=", "CONTAINS", "LIKE", "ILIKE", "IN", "IS NULL", "IS NOT NULL"];

/** What can stand at the caret: fields, their keys, comparators, values, or words that join conditions. */
export function completions(filter: string, caret: number, fields: readonly Known[]): Completion[] {
  const tokens = [...filter.slice(0, caret).matchAll(TOKEN)];
  const last = tokens.at(-1);
  const touching = last !== undefined && last.index + last[0].length === caret && !/^[(),]$/.test(last[0]);
  const typed = touching ? last[0] : "";
  const before = (touching ? tokens.slice(0, -1) : tokens).map(([token]) => token);
  const from = caret - typed.length;
  const after = filter.slice(caret);
  return proposals(expectedAfter(before), typed, fields)
    .filter(({ text }) => text.trim() !== typed)
    .slice(0, MOST)
    .map(({ text, label, note }) => ({
      label: label ?? text.trim(),
      note,
      filter: filter.slice(0, from) + text + after.replace(/^ /, ""),
      caret: from + text.length,
    }));
}

type Expected = { part: "field" | "joiner" | "null" } | { part: "comparator" | "value"; field: string };

/** Which part of a condition comes after these tokens. */
export function expectedAfter(tokens: readonly string[]): Expected {
  let expected: Expected = { part: "field" };
  let listed = false;
  for (const token of tokens) {
    const word = token.toUpperCase();
    switch (expected.part) {
      case "field":
        if (word !== "NOT" && word !== "(") {
          expected = { part: "comparator", field: token };
        }
        break;
      case "comparator":
        if (word === "IS") {
          expected = { part: "null" };
        } else if (word !== "NOT") {
          listed = word === "IN";
          expected = { part: "value", field: expected.field };
        }
        break;
      case "value":
        if (word === ")" || (!listed && word !== "(")) {
          expected = { part: "joiner" };
        }
        break;
      case "null":
        if (word !== "NOT") {
          expected = { part: "joiner" };
        }
        break;
      case "joiner":
        if (word === "AND" || word === "OR") {
          expected = { part: "field" };
        }
        break;
    }
  }
  return expected;
}

interface Proposal {
  text: string;
  note: string;
  label?: string;
}

function proposals(expected: Expected, typed: string, fields: readonly Known[]): Proposal[] {
  switch (expected.part) {
    case "field":
      return fieldProposals(typed, fields);
    case "comparator": {
      const known = fields.find(({ name }) => name === nameOf(expected.field));
      const rank = (comparator: string) => (COMPARATORS.indexOf(comparator) + COMPARATORS.length) % COMPARATORS.length;
      return [...(known?.comparators ?? [])]
        .sort((a, b) => rank(a) - rank(b))
        .filter((comparator) => comparator.startsWith(typed.toUpperCase()))
        .map((comparator) => ({ text: `${comparator} `, note: "comparator" }));
    }
    case "value": {
      const known = fields.find(({ name }) => name === nameOf(expected.field));
      // Who forgets the quote means the same value.
      const wanted = typed.replace(/^'/, "").toLowerCase();
      return (known?.values ?? [])
        .filter((value) => value.toLowerCase().startsWith(wanted))
        .map((value) => ({ text: `${quoted(value)} `, note: expected.field }));
    }
    case "null":
      return words(["NULL", "NOT NULL"], typed);
    case "joiner":
      return words(["AND", "OR"], typed);
  }
}

function words(all: readonly string[], typed: string): Proposal[] {
  return all.filter((word) => word.startsWith(typed.toUpperCase())).map((word) => ({ text: `${word} `, note: "" }));
}

/** Fields that begin as typed, then keys that do: who types `auc` means `metrics.auc`. */
function fieldProposals(typed: string, fields: readonly Known[]): Proposal[] {
  const wanted = typed.replaceAll("`", "").toLowerCase();
  const named = fields
    .filter(({ name }) => name.startsWith(wanted))
    .map(({ name, key }) => ({
      text: key === null ? `${name} ` : `${name}.`,
      label: key === null ? name : `${name}.<${key}>`,
      note: "",
    }));
  const keyed = fields.flatMap(({ name, keys }) =>
    keys
      .filter(
        (key) =>
          wanted !== "" && (key.toLowerCase().startsWith(wanted) || `${name}.${key}`.toLowerCase().startsWith(wanted)),
      )
      .map((key) => ({ text: `${written({ name, key })} `, note: name })),
  );
  return wanted.includes(".") ? [...keyed, ...named] : [...named, ...keyed];
}

function nameOf(field: string): string {
  return field.split(".", 1)[0] ?? field;
}
