import { expect, it } from "vitest";
import { withoutEach } from "./conditions";

it("drops each condition in turn", () => {
  expect(withoutEach("stage = 'a' AND metrics.auc > 0.9 and name = 'x'")).toEqual([
    { dropped: "stage = 'a'", rest: "metrics.auc > 0.9 AND name = 'x'" },
    { dropped: "metrics.auc > 0.9", rest: "stage = 'a' AND name = 'x'" },
    { dropped: "name = 'x'", rest: "stage = 'a' AND metrics.auc > 0.9" },
  ]);
});

it("does not cut a text that contains AND", () => {
  expect(withoutEach("name = 'salt AND pepper'")).toEqual([]);
});

it.each(["a = 1 OR b = 2 AND c = 3", "NOT a = 1 AND b = 2", "(a = 1 AND b = 2)"])("leaves %s alone", (filter) => {
  expect(withoutEach(filter)).toEqual([]);
});
