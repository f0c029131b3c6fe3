import { expect, it } from "vitest";
import { byDay } from "../../timeline/Timeline";
import { fromField, toField } from "./asOf";
import { isShown, type LedgerEvent, moveOf } from "./moves";

const event = {
  type: "version.transitioned",
  version: 5,
  alias: null,
  before: { stage: "development" },
  after: { stage: "production", displaced: 1, displaced_to: "archived", aliases: ["champion"] },
} as unknown as LedgerEvent;

it("reads a move with what it displaced and the aliases that followed", () => {
  expect(moveOf(event)).toEqual({
    kind: "stage",
    version: 5,
    from: "development",
    to: "production",
    displaced: { version: 1, to: "archived" },
    aliases: ["champion"],
  });
  expect(moveOf({ ...event, type: "check.reported" })).toBeNull();
});

it("reads where an alias pointed before and after", () => {
  const set = { ...event, type: "alias.set", alias: "champion", before: null, after: { version: 2 } };
  const move = moveOf(set);
  expect(move).toEqual({ kind: "alias", alias: "champion", from: null, to: 2 });
  expect(move !== null && isShown(move, "stages")).toBe(false);
  expect(move !== null && isShown(move, "aliases")).toBe(true);
});

it("takes a time to the field and back", () => {
  expect(toField("2026-11-28T09:30:12.000Z", "utc")).toBe("2026-11-28T09:30");
  expect(fromField("2026-11-28T09:30", "utc")).toBe("2026-11-28T09:30:00.000Z");
  expect(fromField(toField("2026-11-28T09:30:00.000Z", "local"), "local")).toBe("2026-11-28T09:30:00.000Z");
  expect(fromField("", "utc")).toBeNull();
  expect(toField("yesterday", "utc")).toBe("");
});

it("groups what happened by the day in the zone", () => {
  const at = (time: string) => ({ at: time });
  const days = byDay([at("2026-11-28T10:00:00Z"), at("2026-11-28T01:00:00Z"), at("2026-11-27T23:00:00Z")], "utc");
  expect(days.map(({ day, items }) => [day, items.length])).toEqual([
    ["2026-11-28", 2],
    ["2026-11-27", 1],
  ]);
});
