import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import type { PageQuery } from "../../ui/paged";

export type Token = Document<"SeenTokenView">;
export type Role = Document<"RoleView">;
export type SubjectGrants = Document<"SubjectGrantsView">;
export type Trust = Document<"TrustView">;
export type Signer = Document<"SignerView">;
export type AccessPath = Document<"AccessPathView">;
export type SignedIn = Document<"SessionView">;
export type Action = Document<"Action">;

/** A role on the models whose names match a pattern, or on those of them that have some classifications. */
export type Grant = Document<"GrantView">;

export const ACCESS = ["access"];

export const roles = queryOptions({
  queryKey: [...ACCESS, "roles"],
  queryFn: async () => (await answered(api.GET("/v1/roles"))).items,
});

/** Whose signatures and attestations count. */
export const signers = queryOptions({
  queryKey: [...ACCESS, "signers"],
  queryFn: async () => (await answered(api.GET("/v1/signers"))).items,
});

export function listTokens(query: PageQuery) {
  return answered(api.GET("/v1/tokens", { params: { query } }));
}

export function grantsOf(subject: string) {
  return (page: PageQuery) =>
    answered(api.GET("/v1/grants", { params: { query: { ...page, ...(subject === "" ? {} : { subject }) } } }));
}

export function listTrusts(query: PageQuery) {
  return answered(api.GET("/v1/trust", { params: { query } }));
}

export function listSessions(query: PageQuery) {
  return answered(api.GET("/v1/sessions", { params: { query } }));
}

/** Who may take an action on a model; on `*`, the registry as a whole. */
export function whoMay(action: string, model: string) {
  return (page: PageQuery) =>
    answered(api.GET("/v1/access", { params: { query: { ...page, action: action as Action, model } } }));
}
