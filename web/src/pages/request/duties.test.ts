import { describe, expect, it } from "vitest";
import type { TransitionRequest } from "../../api/documents";
import { executionRefusal, isClosed, voteRefusal, withdrawalRefusal } from "./duties";

const request: TransitionRequest = {
  model: "fraud",
  number: 1,
  version: 3,
  from_stage: "staging",
  to_stage: "production",
  author: "token:ana",
  authors: ["token:otto"],
  requested_by: "token:ana",
  requester: "",
  requested_at: "2026-11-28T09:00:00.000Z",
  reason: null,
  due_at: null,
  reviewers: [],
  state: "open",
  votes: [],
  closed_at: null,
  closed_by: null,
  closing_reason: null,
  reminded_at: null,
};
const all = () => true;
const none = () => false;

describe("votes", () => {
  it("are for those who neither asked nor made the bytes", () => {
    expect(voteRefusal(request, "token:rita", all)).toBeUndefined();
    expect(voteRefusal(request, "token:ana", all)).toMatch(/You opened/);
    expect(voteRefusal(request, "token:otto", all)).toMatch(/You registered version 3/);
    expect(voteRefusal({ ...request, requester: "token:rita" }, "token:rita", all)).toMatch(/You opened/);
    expect(voteRefusal(request, "token:rita", none)).toMatch(/grants/);
  });

  it("end with the request, also in a state that this page does not know", () => {
    expect(voteRefusal({ ...request, state: "executed" }, "token:rita", all)).toBe("The request is executed.");
    expect(isClosed({ state: "paused" as TransitionRequest["state"] })).toBe(true);
    expect(isClosed({ state: "rejected" })).toBe(false);
  });
});

describe("the move", () => {
  it("waits until everything is met", () => {
    expect(executionRefusal({ request, executable: false }, all)).toMatch(/Not everything/);
    expect(executionRefusal({ request, executable: true }, all)).toBeUndefined();
    expect(executionRefusal({ request, executable: true }, none)).toMatch(/grants/);
  });
});

describe("taking back", () => {
  it("is for who asked and for who manages the model", () => {
    expect(withdrawalRefusal(request, "token:ana", (action) => action === "request")).toBeUndefined();
    expect(withdrawalRefusal(request, "token:max", all)).toBeUndefined();
    expect(withdrawalRefusal(request, "token:rita", (action) => action === "request")).toMatch(/Who opened it/);
  });
});
