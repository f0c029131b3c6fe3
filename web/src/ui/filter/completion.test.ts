import { describe, expect, it } from "vitest";
import { completions } from "./completion";

const FIELDS = [
  {
    name: "stage",
    key: null,
    kind: "text",
    comparators: ["!=", "=", "IN", "LIKE"],
    keys: [],
    values: ["production", "staging"],
  },
  { name: "status", key: null, kind: "text", comparators: ["="], keys: [], values: ["READY"] },
  {
    name: "metrics",
    key: "name",
    kind: "number",
    comparators: ["<", "=", ">", ">="],
    keys: ["auc", "latency_ms"],
    values: [],
  },
  { name: "tags", key: "key", kind: "text", comparators: ["="], keys: ["cost center", "team"], values: [] },
].map((field) => ({ ...field, description: "" }) as Parameters<typeof completions>[2][number]);

/** What can stand at the `|` of a filter. */
function at(text: string): string[] {
  return completions(text.replace("|", ""), text.indexOf("|"), FIELDS).map(({ label }) => label);
}

/** The filter after the first completion, with the caret as `|`. */
function first(text: string): string | undefined {
  const [found] = completions(text.replace("|", ""), text.indexOf("|"), FIELDS);
  return found && `${found.filter.slice(0, found.caret)}|${found.filter.slice(found.caret)}`;
}

describe("where a field is expected", () => {
  it("names fields, then keys of every field", () => {
    expect(at("st|")).toEqual(["stage", "status"]);
    expect(at("auc|")).toEqual(["metrics.auc"]);
    expect(at("NOT (stage = 'x' OR sta|")).toEqual(["stage", "status"]);
  });

  it("names the keys of a field", () => {
    expect(at("metrics.|")).toEqual(["metrics.auc", "metrics.latency_ms"]);
    expect(first("tags.c|")).toBe("tags.`cost center` |");
    expect(first("tags.`cost c|")).toBe("tags.`cost center` |");
  });
});

it("names the comparators of the field, the usual ones first", () => {
  expect(at("stage |")).toEqual(["=", "!=", "LIKE", "IN"]);
  expect(at("tags.`cost center` |")).toEqual(["="]);
  expect(at("stage L|")).toEqual(["LIKE"]);
  expect(at("metrics.auc >|")).toEqual([">="]);
});

it("names the values of the field, also in a list", () => {
  expect(at("stage = |")).toEqual(["'production'", "'staging'"]);
  expect(first("stage = 'st|")).toBe("stage = 'staging' |");
  expect(at("stage IN ('production', |")).toEqual(["'production'", "'staging'"]);
  expect(at("metrics.auc > |")).toEqual([]);
});

it("joins conditions", () => {
  expect(at("stage = 'x AND y' |")).toEqual(["AND", "OR"]);
  expect(at("stage IN ('a', 'b') |")).toEqual(["AND", "OR"]);
  expect(at("stage IS |")).toEqual(["NULL", "NOT NULL"]);
  expect(at("(stage IS NOT NULL) a|")).toEqual(["AND"]);
});

it("puts a completion where the caret is, not at the end", () => {
  expect(first("sta| = 'x' AND auc > 1")).toBe("stage |= 'x' AND auc > 1");
});
