import { expect, it } from "vitest";
import { told } from "./events";

const NOTHING = { version: null, alias: null, subject: null, before: null, after: null };

it("tells moves with both stages", () => {
  const event = { ...NOTHING, version: 3, before: { stage: "staging" }, after: { stage: "production" } };
  expect(told({ ...event, type: "version.transitioned" })).toBe("moved version 3 from staging to production");
});

it("tells an event of a newer registry by its type", () => {
  expect(told({ ...NOTHING, type: "quota.raised" })).toBe("quota.raised");
});

it("survives an event that lacks what the sentence needs", () => {
  expect(told({ ...NOTHING, type: "token.revoked" })).toBe("revoked the token");
});
