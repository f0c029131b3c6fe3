import { expect, it } from "vitest";
import { actInWords, alarmInWords, boundsInWords, worstInWords } from "./words";

it.each([
  [{ do: "fail_check" }, "fail the check of the version"],
  [{ do: "open_request", to_stage: "archived" }, "ask to move the version to archived"],
  [{ do: "roll_back", pointer: "alias:champion" }, "roll back alias:champion"],
  [{ do: "freeze" }, "freeze the model"],
] as const)("says that %j will %s", (act, words) => {
  expect(actInWords(act)).toBe(words);
});

it("says when it alarms", () => {
  expect(alarmInWords({ breaches: 2, of: 3, window: "hour" })).toBe("2 of the last 3 windows of one hour breach");
});

it("says where a metric must lie", () => {
  expect(boundsInWords({ at_least: 0.9, at_most: null })).toBe("at least 0.9");
  expect(boundsInWords({ at_least: 0, at_most: 1 })).toBe("at least 0, at most 1");
});

it("says what breached most", () => {
  expect(worstInWords({ worst: "income", score: 0.31, threshold: 0.1 })).toBe("income: 0.31, held against 0.1");
  expect(worstInWords({ worst: null, score: null, threshold: null })).toBe("");
});
