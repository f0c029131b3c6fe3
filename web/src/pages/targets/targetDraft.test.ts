import { expect, it } from "vitest";
import type { Target } from "./queries";
import { documentOf, draftOf } from "./targetDraft";

const target: Target = {
  name: "shop",
  kind: "external",
  environment: "production",
  models: ["churn", "risk-*"],
  stage: null,
  alias: "champion",
  config: { cluster: "eu" },
  policy: { roll_back: true, move_back: true, give_up_after: 900, rollout: { canary: 10 } },
  reporters: ["oidc:argo:*"],
  description: "The shop.",
  enabled: false,
  created_at: "2026-11-28T09:00:00.000Z",
  created_by: "token:ana",
  updated_at: "2026-11-28T09:00:00.000Z",
};

it("sends back a target that nobody edited as it was", () => {
  const { name, created_at, created_by, updated_at, ...terms } = target;
  expect(documentOf(draftOf(target), target)).toEqual(terms);
});

it("makes an external target that a stage starts", () => {
  const draft = { ...draftOf(undefined), models: " churn \n\n", move_back: true, give_up_after: "1.5" };
  expect(documentOf(draft, undefined)).toMatchObject({
    kind: "external",
    models: ["churn"],
    stage: "production",
    alias: null,
    policy: { roll_back: false, move_back: false, give_up_after: 90 },
  });
});

it("takes an alias with or without its sign", () => {
  const draft = { ...draftOf(target), pointed: "@champion" };
  expect(documentOf(draft, target).alias).toBe("champion");
});
