import { expect, it } from "vitest";
import { verdictOn } from "./verdict";

type Judged = Parameters<typeof verdictOn>[0];
const gate = (holds: boolean, awaited: object | null = null) => ({ holds, awaited }) as Judged["gates"][number];
const approval = (met: boolean) => ({ met }) as Judged["approvals"][number];

it.each([
  ["allowed", { allowed: true, gates: [gate(true)], approvals: [] }],
  ["needs approval", { allowed: false, gates: [gate(true)], approvals: [approval(false)] }],
  ["blocked", { allowed: false, gates: [gate(false)], approvals: [approval(false)] }],
  ["waits for a check", { allowed: false, gates: [gate(true), gate(false, {})], approvals: [approval(false)] }],
  ["blocked", { allowed: false, gates: [gate(false), gate(false, {})], approvals: [] }],
  ["blocked", { allowed: false, gates: [], approvals: [approval(true)] }],
])("says %s", (word, judged) => {
  expect(verdictOn(judged).word).toBe(word);
});
