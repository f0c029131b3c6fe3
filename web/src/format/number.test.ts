import { describe, expect, it } from "vitest";
import { bytes, difference, metric, percent, percents, verdict } from "./number";

describe("metric", () => {
  it.each([
    [0.953412, "0.9534"],
    [0.95, "0.95"],
    [0, "0"],
    [12, "12"],
    [1234567, "1,234,567"],
    [12345.678, "12,346"],
    [1234.5, "1,235"],
    [0.00001234, "1.234e\u22125"],
    [-0.5, "\u22120.5"],
    [3e12, "3e12"],
  ])("shows %d as %s", (value, shown) => {
    expect(metric(value)).toBe(shown);
  });
});

describe("difference", () => {
  it.each([
    [0.2, 0.3, "+0.1"],
    [0.3, 0.2, "\u22120.1"],
    [5, 5, "±0"],
    [0.9414, 0.9534, "+0.012"],
    [120, 151, "+31"],
  ])("from %d to %d is %s", (from, to, shown) => {
    expect(difference(from, to)).toBe(shown);
  });
});

describe("verdict", () => {
  it("takes more as better only if the metric grows", () => {
    expect(verdict(1, 2, "up")).toBe("better");
    expect(verdict(1, 2, "down")).toBe("worse");
  });

  it("says nothing about a metric whose direction nobody named", () => {
    expect(verdict(1, 2, undefined)).toBeNull();
  });

  it("says nothing when nothing changed", () => {
    expect(verdict(2, 2, "up")).toBeNull();
  });
});

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [1023, "1,023 B"],
    [1024, "1 KiB"],
    [1_572_864, "1.5 MiB"],
    [5_000_000_000_000, "4.55 TiB"],
  ])("shows %d as %s", (size, shown) => {
    expect(bytes(size)).toBe(shown);
  });
});

describe("percent", () => {
  it.each([
    [0.125, "12.5 %"],
    [1, "100 %"],
    [0.00123, "0.123 %"],
    [0, "0 %"],
  ])("shows %d as %s", (share, shown) => {
    expect(percent(share)).toBe(shown);
  });

  it("names the unit of a range once", () => {
    expect(percents(0.125, 0.14)).toBe("12.5 to 14 %");
  });
});
