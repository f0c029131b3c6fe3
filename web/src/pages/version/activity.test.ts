import { expect, it } from "vitest";
import { activities, type Change, sentenceOf, shown } from "./activity";

const change: Change = {
  sequence: 9,
  event_id: "e9",
  type: "version.transitioned",
  time: "2026-11-28T09:00:00.000Z",
  actor: "token:ana",
  trigger: "request",
  reason: null,
  version: 3,
  field: "stage",
  before: "staging",
  after: "production",
};

it("keeps the changes of an event together", () => {
  const found = activities([change, { ...change, field: "tags/team" }, { ...change, event_id: "e8" }]);
  expect(found.map(({ id, changes }) => [id, changes.length])).toEqual([
    ["e9", 2],
    ["e8", 1],
  ]);
});

it("says what happened", () => {
  expect(sentenceOf({ type: change.type, changes: [change] })).toBe("moved the version from staging to production");
  const alias = { ...change, type: "alias.set", field: "aliases/champion/version", before: 2, after: 3 };
  expect(sentenceOf({ type: "alias.set", changes: [alias] })).toBe("pointed @champion here");
  expect(sentenceOf({ type: "alias.deleted", changes: [{ ...alias, before: 3, after: null }] })).toBe(
    "took @champion away",
  );
  const check = [
    { ...change, field: "check/check", before: null, after: "fairness" },
    { ...change, field: "check/passed", before: null, after: false },
  ];
  expect(sentenceOf({ type: "check.reported", changes: check })).toBe("reported a check fairness: failed");
  expect(sentenceOf({ type: "version.polished", changes: [] })).toBe("version.polished");
});

it("shows values in a line", () => {
  expect([shown(null), shown("a"), shown({ a: 1 })]).toEqual(["—", "a", '{"a":1}']);
});
