import { expect, it } from "vitest";
import { told } from "./events";

const NOTHING = { version: null, alias: null, subject: null, before: null, after: null };

it("tells moves with both stages", () => {
  const event = { ...NOTHING, version: 3, before: { stage: "staging" }, after: { stage: "production" } };
  expect(told({ ...event, type: "version.transitioned" })).toBe("moved version 3 from staging to production");
});

it("tells checks that are opened and extended", () => {
  const event = { ...NOTHING, version: 3, after: { check: "ci" } };
  expect(told({ ...event, type: "check.opened" })).toBe("opened the check ci of version 3");
  expect(told({ ...event, type: "check.extended" })).toBe("extended the pending check ci of version 3");
});

it("tells an event of a newer registry by its type", () => {
  expect(told({ ...NOTHING, type: "quota.raised" })).toBe("quota.raised");
});

it("survives an event that lacks what the sentence needs", () => {
  expect(told({ ...NOTHING, type: "token.revoked" })).toBe("revoked the token");
});
