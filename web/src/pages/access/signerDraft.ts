import type { Document } from "../../api/documents";
import type { Signer } from "./queries";

/** A signer as the dialog holds it: everything as it is typed. */
export interface SignerDraft {
  name: string;
  kind: "key" | "authority";
  pem: string;
  /** One on each line. */
  subjects: string;
  description: string;
}

export function signerDraft(signer?: Signer): SignerDraft {
  return {
    name: signer?.name ?? "",
    kind: signer !== undefined && signer.authority !== null ? "authority" : "key",
    pem: signer?.public_key ?? signer?.authority ?? "",
    subjects: (signer?.subjects ?? []).join("\n"),
    description: signer?.description ?? "",
  };
}

/** The draft as the API takes it. A key has no subjects: it signs as itself. */
export function signerBody({ kind, pem, subjects, description }: SignerDraft): Document<"SaveSigner"> {
  const lines = subjects
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return kind === "key" ? { public_key: pem, description } : { authority: pem, subjects: lines, description };
}
