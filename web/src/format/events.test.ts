import { expect, it } from "vitest";
import { told } from "./events";

const NOTHING = { version: null, alias: null, subject: null, before: null, after: null };

it("tells moves with both stages", () => {
  const event = { ...NOTHING, version: 3, before: { stage: "staging" }, after: { stage: "production" } };
  expect(told({ ...event, type: "version.transitioned" })).toBe("moved version 3 from staging to production");
  const displacing = { ...event, type: "version.transitioned", after: { stage: "production", displaced: 1 } };
  expect(told(displacing)).toBe("moved version 3 from staging to production, in place of version 1");
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

it.each([
  ["deployment.opened", null, { attempt: 1 }, "opened deployment 4 of version 3 on shop"],
  [
    "deployment.opened",
    { status: "failed", attempt: 1 },
    { attempt: 2 },
    "tried again deployment 4 of version 3 on shop",
  ],
  ["deployment.opened", null, { rolls_back: 3 }, "opened deployment 4 of version 3 on shop in place of deployment 3"],
  [
    "deployment.opened",
    { waits_for: 2 },
    { attempt: 1 },
    "gave deployment 4 of version 3 on shop its turn, after deployment 2",
  ],
  ["deployment.failed", null, {}, "reported that deployment 4 of version 3 on shop failed"],
  ["deployment.superseded", null, { superseded_by: 5 }, "superseded deployment 4 of version 3 on shop by deployment 5"],
  ["deployment.drifted", null, { serving: 2, wanted: 3 }, "found that shop serves version 2 instead of version 3"],
  ["deployment.drifted", null, { serving: 3, wanted: 3 }, "found that shop serves other bytes instead of version 3"],
  ["deployment.drifted", null, { serving: null, wanted: 3 }, "found that shop serves no version instead of version 3"],
  ["deployment.agreed", null, { serving: 3, wanted: 3 }, "found that shop serves version 3, as wanted"],
  [
    "monitor.judged",
    { verdict: "ok" },
    { verdict: "warning" },
    "found with the monitor 4 that version 3 is at warning",
  ],
  ["statement.signed", null, {}, "signed what a move of version 3 was"],
  ["lineage.stated", null, {}, "stated what version 3 comes from"],
  ["lineage.unstated", {}, null, "took back what was stated of version 3"],
  ["scan.finished", null, { verdict: "unsafe", allowed: false }, "scanned version 3: unsafe, in quarantine"],
  ["scan.finished", null, { verdict: "clean", allowed: true }, "scanned version 3: clean"],
  ["scan.finished", null, { verdict: null, allowed: false }, "scanned version 3, without a verdict"],
  ["vulnerability.found", null, { ids: ["GHSA-1"], count: 1 }, "found GHSA-1 of version 3"],
  [
    "vulnerability.resolved",
    { ids: ["GHSA-1", "GHSA-2"], count: 3 },
    {},
    "found GHSA-1 and 2 other vulnerabilities of version 3 resolved",
  ],
  ["vulnerability.stated", null, { id: "CVE-1", status: "not_affected" }, "stated of CVE-1 in version 3: not affected"],
])("tells %s", (type, before, after, sentence) => {
  const event = { ...NOTHING, type, version: 3, subject: "4", before, after: { target: "shop", ...after } };
  expect(told(event)).toBe(sentence);
});

it("tells how a check ended", () => {
  const check = { ...NOTHING, type: "check.reported", version: 3 };
  expect(told({ ...check, after: { check: "bias", passed: false } })).toBe(
    "reported the check bias of version 3: failed",
  );
  expect(told({ ...check, after: { check: "bias", passed: true } })).toBe(
    "reported the check bias of version 3: passed",
  );
  expect(told({ ...check, after: { check: "bias" } })).toBe("reported the check bias of version 3");
});

it("tells how somebody voted", () => {
  const vote = { ...NOTHING, type: "request.voted", subject: "2" };
  expect(told({ ...vote, after: { vote: "approve" } })).toBe("approved request 2");
  expect(told({ ...vote, after: { vote: "reject" } })).toBe("rejected request 2");
  expect(told(vote)).toBe("voted on request 2");
});
