import { expect, it } from "vitest";
import { signerBody, signerDraft } from "./signerDraft";
import { tokenState } from "./tokens";
import { conditionLines, readConditions, trustBody, trustDraft } from "./trustDraft";

it("reads the conditions that it wrote", () => {
  const conditions = { repository: ["acme/models", "acme/risk"], ref: ["refs/heads/main"], "a=b": [] };
  expect(readConditions(conditionLines(conditions))).toEqual({
    repository: ["acme/models", "acme/risk"],
    ref: ["refs/heads/main"],
  });
  expect(readConditions("sub = a=b\n\n")).toEqual({ sub: ["a=b"] });
});

it("keeps the client's secret that the registry has, and the algorithms that the dialog does not show", () => {
  const trust = {
    name: "okta",
    kind: "oidc" as const,
    issuer: "https://acme.okta.com",
    audience: "moorage",
    algorithms: ["ES256"],
    conditions: {},
    grants: [{ role: "viewer", models: "*" }],
    sign_in: { label: "Okta", client_id: "web", has_secret: true },
    created_at: "",
    created_by: "",
    updated_at: "",
  };
  const body = trustBody(trustDraft(trust), trust);
  expect(body.sign_in).toEqual({ label: "Okta", client_id: "web" });
  expect(body.algorithms).toEqual(["ES256"]);
  expect(trustBody({ ...trustDraft(trust), signIn: false }, trust).sign_in).toBeUndefined();
});

it("knows which tokens work", () => {
  const now = new Date("2026-11-28T12:00:00Z");
  expect(tokenState({ revoked_at: null, expires_at: "2026-11-28T12:00:01Z" }, now)).toBe("active");
  expect(tokenState({ revoked_at: null, expires_at: "2026-11-28T12:00:00Z" }, now)).toBe("expired");
  expect(tokenState({ revoked_at: "2026-11-01T00:00:00Z", expires_at: "2027-01-01T00:00:00Z" }, now)).toBe("revoked");
});

it("keeps what a signer is trusted by, and gives a key no subjects", () => {
  const signer = {
    name: "ci",
    public_key: null,
    authority: "PEM",
    subjects: ["ada@example.org", "*.example.org"],
    description: "CI",
    created_at: "",
    created_by: "",
    updated_at: "",
  };
  const draft = signerDraft(signer);
  expect(signerBody(draft)).toEqual({ authority: "PEM", subjects: signer.subjects, description: "CI" });
  expect(signerBody({ ...draft, subjects: " a \n\nb" })).toMatchObject({ subjects: ["a", "b"] });
  expect(signerBody({ ...draft, kind: "key" })).toEqual({ public_key: "PEM", description: "CI" });
});
