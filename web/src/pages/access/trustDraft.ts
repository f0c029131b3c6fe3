import type { Document } from "../../api/documents";
import { entries } from "../webhooks/filters";
import type { Grant, Trust } from "./queries";

/** A trust as it stands in the fields of its dialog. */
export interface TrustDraft {
  name: string;
  kind: "oidc" | "iam";
  issuer: string;
  audience: string;
  conditions: string;
  groupsClaim: string;
  signIn: boolean;
  label: string;
  clientId: string;
  clientSecret: string;
  arns: string;
  grants: Grant[];
}

export function trustDraft(trust?: Trust): TrustDraft {
  return {
    name: trust?.name ?? "",
    kind: trust?.kind === "iam" ? "iam" : "oidc",
    issuer: trust?.issuer ?? "",
    audience: trust?.audience ?? "",
    conditions: conditionLines(trust?.conditions ?? {}),
    groupsClaim: trust?.groups_claim ?? "",
    signIn: Boolean(trust?.sign_in),
    label: trust?.sign_in?.label ?? "",
    clientId: trust?.sign_in?.client_id ?? "",
    clientSecret: "",
    arns: (trust?.arns ?? []).join("\n"),
    grants: trust?.grants ?? [{ role: "viewer", models: "*" }],
  };
}

/** What is sent to save a draft. An empty secret keeps the one that the registry has. */
export function trustBody(draft: TrustDraft, trust?: Trust): Document<"SetTrust"> {
  if (draft.kind === "iam") {
    return { kind: "iam", arns: entries(draft.arns), grants: draft.grants };
  }
  return {
    kind: "oidc",
    issuer: draft.issuer.trim(),
    audience: draft.audience.trim(),
    conditions: readConditions(draft.conditions),
    grants: draft.grants,
    ...(trust?.algorithms ? { algorithms: trust.algorithms as NonNullable<Document<"SetTrust">["algorithms"]> } : {}),
    ...(draft.groupsClaim.trim() === "" ? {} : { groups_claim: draft.groupsClaim.trim() }),
    ...(draft.signIn
      ? {
          sign_in: {
            label: draft.label.trim(),
            client_id: draft.clientId.trim(),
            ...(draft.clientSecret === "" ? {} : { client_secret: draft.clientSecret }),
          },
        }
      : {}),
  };
}

/** Conditions as lines: `repository = acme/models`. Lines of the same claim are its values. */
export function conditionLines(conditions: Record<string, string[]>): string {
  return Object.entries(conditions)
    .flatMap(([claim, values]) => values.map((value) => `${claim} = ${value}`))
    .join("\n");
}

export function readConditions(lines: string): Record<string, string[]> {
  const conditions: Record<string, string[]> = {};
  for (const line of lines.split("\n")) {
    const at = line.indexOf("=");
    const claim = (at < 0 ? line : line.slice(0, at)).trim();
    if (claim !== "") {
      conditions[claim] = [...(conditions[claim] ?? []), at < 0 ? "" : line.slice(at + 1).trim()];
    }
  }
  return conditions;
}
