import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { canonicalNumber } from "./canonical";
import { checkEvents, readPage, START } from "./chain";

const LEDGER = "model:fraud é";
// Made by `chain` of chalicelib/domain/ledger/events.py, and verified by `verify_chain` of client/moorage/audit.py.
const LINES = readFileSync(join(import.meta.dirname, "chain.jsonl"), "utf-8")
  .trim()
  .split("\n");

function verified(lines: string[], start = START) {
  return checkEvents(LEDGER, readPage(`{"items": [${lines.join(",")}], "next_cursor": null}`).events, start);
}

it("finds a chain that the registry made intact", async () => {
  const { head, fault } = await verified(LINES);
  expect(fault).toBeNull();
  expect(head).toEqual({ sequence: 4, hash: JSON.parse(LINES[3] ?? "").hash });
});

it("goes on from an earlier head", async () => {
  const { head } = await verified(LINES.slice(0, 2));
  expect((await verified(LINES.slice(2), head)).fault).toBeNull();
});

it.each([
  ["a changed text", ["Betrug", "Betrieb"], 1, "its hash does not match its content"],
  ["a number written as a double", ['"whole": 1,', '"whole": 1.0,'], 2, "its hash does not match its content"],
  [
    "a digit beyond the precision of doubles",
    ["9007199254740993", "9007199254740992"],
    2,
    "its hash does not match its content",
  ],
  ["another link", ['"previous_hash": "0', '"previous_hash": "1'], 1, "it does not name the hash of the event before"],
  ["another ledger", ["model:fraud", "model:other"], 1, "the event belongs to another ledger"],
])("finds %s", async (_, [before = "", after = ""], sequence, reason) => {
  const changed = LINES.map((line) => line.replace(before, after));
  expect(changed).not.toEqual(LINES);
  expect((await verified(changed)).fault).toEqual({ sequence, reason });
});

it("finds an event that is missing, and two that changed places", async () => {
  const [one = "", two = "", three = "", four = ""] = LINES;
  expect((await verified([one, three, four])).fault).toEqual({ sequence: 2, reason: "event 3 stands in its place" });
  expect((await verified([one, three, two, four])).fault?.sequence).toBe(2);
});

it.each([
  ["1", "1"],
  ["1.0", "1.0"],
  ["1e0", "1.0"],
  ["-0.0", "-0.0"],
  ["1e-05", "1e-05"],
  ["0.0001", "0.0001"],
  ["1e16", "1e+16"],
  ["1.5e16", "1.5e+16"],
  ["9999999999999998.0", "9999999999999998.0"],
  ["100.5", "100.5"],
  ["1e22", "1e+22"],
  ["5e-324", "5e-324"],
  ["123456789012345678901234567890", "123456789012345678901234567890"],
])("writes the number %s as Python does", (source, expected) => {
  expect(canonicalNumber(source)).toBe(expected);
});
