import { expect, it } from "vitest";
import type { Overview } from "../model/queries";
import { consequencesOf } from "./consequences";

type Stage = Overview["stages"][number];

function stage(name: string, changes: Partial<Stage> = {}): Stage {
  const usual = { description: "", exclusive: false, protected: false, terminal: false, holding: true };
  return { ...usual, name, aliases: [], next: [], count: 0, version: null, versions: [], ...changes };
}

const stages = [
  stage("development", { holding: false }),
  stage("production", { exclusive: true, version: 1, aliases: ["champion"] }),
  stage("archived", { holding: false }),
];

it("names the version that leaves an exclusive stage, and the aliases that move", () => {
  expect(consequencesOf(stages, 3, "production")).toEqual({
    displaced: { version: 1, to: "archived" },
    aliases: ["champion"],
  });
});

it("displaces nobody from an empty stage, from a shared one, and not the version itself", () => {
  expect(consequencesOf(stages, 1, "production").displaced).toBeNull();
  expect(consequencesOf([stage("production", { exclusive: true })], 1, "production").displaced).toBeNull();
  expect(consequencesOf([stage("staging", { version: 2 })], 1, "staging").displaced).toBeNull();
  expect(consequencesOf(stages, 3, "gone")).toEqual({ displaced: null, aliases: [] });
});
