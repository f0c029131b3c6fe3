import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import { tagged } from "../../api/tags";
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

/** A custom role as it is now. */
export function roleOf(role: string) {
  return tagged(api.GET("/v1/roles/{role}", { params: { path: { role } } }));
}

/** Whose signatures and attestations count. */
export const signers = queryOptions({
  queryKey: [...ACCESS, "signers"],
  queryFn: async () => (await answered(api.GET("/v1/signers"))).items,
});

/** A signer as it is now. */
export function signerOf(signer: string) {
  return tagged(api.GET("/v1/signers/{signer}", { params: { path: { signer } } }));
}

export function listTokens(query: PageQuery) {
  return answered(api.GET("/v1/tokens", { params: { query } }));
}

export function grantsOf(subject: string) {
  return (page: PageQuery) =>
    answered(api.GET("/v1/grants", { params: { query: { ...page, ...(subject === "" ? {} : { subject }) } } }));
}

/** The grants of a principal or group as they are now. */
export function subjectGrantsOf(grant: string) {
  return tagged(api.GET("/v1/grants/{grant}", { params: { path: { grant } } }));
}

export function listTrusts(query: PageQuery) {
  return answered(api.GET("/v1/trust", { params: { query } }));
}

/** A trust as it is now. */
export function trustOf(trust: string) {
  return tagged(api.GET("/v1/trust/{trust}", { params: { path: { trust } } }));
}

export function listSessions(query: PageQuery) {
  return answered(api.GET("/v1/sessions", { params: { query } }));
}

/** Who may take an action on a model; on `*`, the registry as a whole. */
export function whoMay(action: string, model: string) {
  return (page: PageQuery) =>
    answered(api.GET("/v1/access", { params: { query: { ...page, action: action as Action, model } } }));
}
