import { expect, it } from "vitest";
import { daysSince } from "./days";
import type { Statement } from "./queries";
import { expiryOf, missing, statementOn, termOf } from "./vex";

const FOUND = { id: "GHSA-1", aliases: ["CVE-1"] };

function stated(id: string, status: Statement["status"], stands = true): Statement {
  return { id, status, stands, justification: null, detail: "", expires_at: null, stated_at: "", stated_by: "ada" };
}

it("finds the statement about a vulnerability by any of its names", () => {
  expect(statementOn(FOUND, [stated("CVE-2", "fixed"), stated("CVE-1", "fixed")])?.id).toBe("CVE-1");
  expect(statementOn(FOUND, [stated("CVE-2", "fixed")])).toBeUndefined();
});

it("lets the statement win that does not lift it, and forgets those that have expired", () => {
  const lifting = stated("GHSA-1", "not_affected");
  expect(statementOn(FOUND, [lifting, stated("CVE-1", "under_investigation")])?.status).toBe("under_investigation");
  expect(statementOn(FOUND, [lifting, stated("CVE-1", "affected", false)])).toBe(lifting);
});

it("asks why a version is not affected", () => {
  expect(missing(" ", "fixed", "", "")).toBe("Name the vulnerability.");
  expect(missing("CVE-1", "not_affected", "", " ")).toMatch(/justification/);
  expect(missing("CVE-1", "not_affected", "code_not_present", "")).toBeUndefined();
  expect(missing("CVE-1", "not_affected", "", "We do not call it.")).toBeUndefined();
  expect(missing("CVE-1", "fixed", "", "")).toBeUndefined();
});

it("counts whole days, and none for what is yet to come", () => {
  const now = new Date("2026-11-29T08:00:00Z");
  expect(daysSince("2026-11-27T09:00:00Z", now)).toBe(1);
  expect(daysSince("2026-11-30T09:00:00Z", now)).toBe(0);
});

it("changes what is stated without changing how long it stands", () => {
  const until = { expires_at: "2027-01-01T00:00:00.000Z", stands: true };
  const now = new Date("2026-11-29T00:00:00Z");
  expect(expiryOf(termOf(until), until, now)).toBe(until.expires_at);
  const forGood = { expires_at: null, stands: true };
  expect(expiryOf(termOf(forGood), forGood, now)).toBeUndefined();
});

it("begins anew with ninety days if nothing stands", () => {
  const now = new Date("2026-11-29T00:00:00Z");
  const expired = { expires_at: "2026-11-01T00:00:00.000Z", stands: false };
  for (const before of [undefined, expired]) {
    expect(expiryOf(termOf(before), before, now)).toBe("2027-02-27T00:00:00.000Z");
  }
});
