import { expect, it } from "vitest";
import { Problem } from "../../api/problem";
import { moved, within } from "./queries";

it("names the model in the filter, whatever the model is called", () => {
  expect(within("it's", "")).toEqual({ before: 0, whole: "name = 'it''s'" });
  expect(within("a", "stage = 'x' OR label = 'y'").whole).toBe("name = 'a' AND (stage = 'x' OR label = 'y')");
});

it("counts the column of a fault in what was typed", () => {
  const typed = "metrics.auc >> 3";
  const { before, whole } = within("fraud", typed);
  const detail = `The filter is not understood at column ${whole.indexOf(">>") + 2}: a number is expected.\n… auc >> 3\n ^`;
  const fault = moved(new Problem({ status: 400, code: "invalid_filter", title: "Invalid filter", detail }), before);
  expect(fault.document.column).toBe(typed.indexOf(">>") + 2);
  expect(fault.message).toBe("The filter is not understood at column 14: a number is expected.");
});

it("leaves other problems alone", () => {
  const problem = new Problem({ status: 503, code: "unavailable", title: "Busy", detail: "Wait at column 3." });
  expect(moved(problem, 10)).toBe(problem);
});
