import { queryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import { tagged } from "../../api/tags";
import { scanInterval } from "../../scanning/clearance";
import type { PageQuery } from "../../ui/paged";

export type ShownScan = Document<"ScanView">;
export type FileFindings = Document<"FileFindingsView">;
export type Assessment = Document<"AssessmentView">;
export type Vulnerability = Document<"VulnerabilityView">;
export type Statement = Assessment["statements"][number];
export type Signature = Document<"ListedSignatureView">;
export type Attestation = Document<"ListedAttestationView">;
export type Bom = Document<"BomView">;
export type ImportedBom = Document<"ImportedBomView">;
export type PromotionStatement = Document<"ListedStatementView">;

/** The part of a version that everything below its page of security is read again with. */
export function securityKey(model: string, version: string) {
  return ["model", model, "version", version, "security"];
}

/** The scan of a version with its findings, asked for again while it is pending. */
export function scanOf(model: string, version: string) {
  return queryOptions({
    queryKey: [...securityKey(model, version), "scan"],
    queryFn: () =>
      answered(api.GET("/v1/models/{model}/versions/{version}/scan", { params: { path: { model, version } } })),
    refetchInterval: ({ state }) => scanInterval(state.data?.scan),
  });
}

/** What a version is made of. */
export function bomOf(model: string, version: string) {
  return queryOptions({
    queryKey: [...securityKey(model, version), "bom"],
    queryFn: () =>
      answered(api.GET("/v1/models/{model}/versions/{version}/bom", { params: { path: { model, version } } })),
  });
}

/** What advisories know of a version's requirements, and what is stated of it. */
export function vulnerabilitiesOf(model: string, version: string) {
  return queryOptions({
    queryKey: [...securityKey(model, version), "vulnerabilities"],
    queryFn: () =>
      tagged(
        api.GET("/v1/models/{model}/versions/{version}/vulnerabilities", { params: { path: { model, version } } }),
      ),
  });
}

export function signaturesOf(model: string, version: string) {
  return queryOptions({
    queryKey: [...securityKey(model, version), "signatures"],
    queryFn: async () =>
      (
        await answered(
          api.GET("/v1/models/{model}/versions/{version}/signatures", { params: { path: { model, version } } }),
        )
      ).items,
  });
}

export function attestationsOf(model: string, version: string) {
  return queryOptions({
    queryKey: [...securityKey(model, version), "attestations"],
    queryFn: async () =>
      (
        await answered(
          api.GET("/v1/models/{model}/versions/{version}/attestations", { params: { path: { model, version } } }),
        )
      ).items,
  });
}

/** Reads a page of what the registry stated of a version's moves. */
export function statementsOf(model: string, version: string) {
  return (query: PageQuery) =>
    answered(
      api.GET("/v1/models/{model}/versions/{version}/statements", { params: { path: { model, version }, query } }),
    );
}
