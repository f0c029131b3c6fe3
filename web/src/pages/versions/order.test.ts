import { describe, expect, it } from "vitest";
import { firstDirection, leftOut, orderOf, orderText } from "./order";

describe("orderOf", () => {
  it.each([
    ["", "version", "descending"],
    ["metrics.auc DESC", "metrics.auc", "descending"],
    ["metrics.`a desc` asc", "metrics.`a desc`", "ascending"],
    ["updated_at", "updated_at", "ascending"],
  ])("reads %j", (text, field, sorted) => {
    expect(orderOf(text)).toEqual({ field, sorted });
  });
});

it("leaves the usual order out of the address", () => {
  expect(orderText("version", "descending")).toBeUndefined();
  expect(orderText("metrics.auc", "ascending")).toBe("metrics.auc ASC");
});

it("puts the best values first", () => {
  const directions = { latency_ms: "down", auc: "up" } as const;
  expect(firstDirection({ name: "metrics", key: "latency_ms" }, directions)).toBe("ascending");
  expect(firstDirection({ name: "metrics", key: "auc" }, directions)).toBe("descending");
  expect(firstDirection({ name: "metrics", key: "unknown" }, directions)).toBe("descending");
});

it("says what an order by a metric leaves out", () => {
  expect(leftOut("metrics.auc DESC")).toBe("Versions without metrics.auc are left out by this order.");
  expect(leftOut("version ASC")).toBeNull();
});
