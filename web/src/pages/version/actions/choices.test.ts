import { expect, it } from "vitest";
import type { Version } from "../../../api/documents";
import type { Overview } from "../../model/queries";
import { choicesOf } from "./choices";

const version = {
  model: "fraud",
  number: 3,
  status: "READY",
  stage: "production",
  aliases: ["champion"],
  locked: null,
  legal_hold: null,
} as unknown as Version;
const glance = {
  model: { frozen: null, protected_aliases: ["champion"] },
  stages: [{ name: "production", exclusive: true, holding: true, version: 3 }],
} as unknown as Overview;
const all = () => true;

function refusals(of: Version, may: (action: string) => boolean, state: Overview | null = glance) {
  return Object.fromEntries(
    choicesOf(of, may, state ?? undefined)
      .flat()
      .map((choice) => [choice.name, choice.refused]),
  );
}

it("offers what the version's place allows", () => {
  const found = refusals(version, all);
  expect(found["Roll back production"]).toBeUndefined();
  expect(Object.keys(found)).toContain("Roll back production");
  expect(found.Delete).toBe("Aliases point at it. Remove them first.");
  expect(Object.keys(refusals(version, all, null))).not.toContain("Roll back production");
});

it("guards protected aliases", () => {
  const found = refusals(version, (action) => action !== "move_protected_alias");
  expect(found["Remove @champion"]).toMatch(/protected/);
  expect(found["Point an alias at it"]).toBeUndefined();
});

it("says that a lock or a freeze stands in the way; only rolling back passes a freeze", () => {
  const lock = { reason: "audit", by: "token:max", at: "2026-11-28T09:00:00.000Z" };
  const locked = refusals({ ...version, locked: lock }, all);
  expect(locked["Edit description and tags"]).toBe("It is locked.");
  expect(Object.keys(locked)).toContain("Unlock");
  const frozen = refusals(version, all, { ...glance, model: { ...glance.model, frozen: lock } });
  expect(frozen["Point an alias at it"]).toBe("The model is frozen.");
  expect(frozen["Roll back production"]).toBeUndefined();
});

it("says which grant is missing", () => {
  const found = refusals(version, () => false);
  expect(Object.values(found).every((reason) => reason?.startsWith("Your grants do not include"))).toBe(true);
});
