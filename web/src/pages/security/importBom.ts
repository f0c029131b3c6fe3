import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import { Problem } from "../../api/problem";
import { changeHeaders } from "../../api/tags";
import { sha256 } from "../../format/digest";
import type { Upload } from "../../uploads/useUpload";
import type { ImportedBom } from "./queries";

/** The largest document that the registry reads. */
export const MOST_BYTES = 1024 ** 2;

// How many digits of the document's SHA-256 its name among the evidence files has, as with the Python client.
const DIGITS = 12;

interface Target {
  model: string;
  version: string;
}

/** Fills what the model's card lacks from a document about a version. Rejects with a Problem. */
export async function importBom(path: Target, file: Blob, key: string): Promise<ImportedBom> {
  const body = readBom(await file.text());
  return answered(
    api.PUT("/v1/models/{model}/versions/{version}/bom", { params: { path, header: changeHeaders(key) }, body }),
  );
}

/** Keeps the document itself among the version's evidence files, unless it is there. */
export async function keepBom(path: Target, file: Blob, run: Upload["run"]): Promise<void> {
  const digest = await sha256(await file.arrayBuffer());
  const { items } = await answered(
    api.GET("/v1/models/{model}/versions/{version}/evidence-files", { params: { path } }),
  );
  if (!items.some((kept) => kept.sha256 === digest)) {
    const name = `bom-${digest.slice(0, DIGITS)}.cdx.json`;
    await run(file, { ...path, name, description: "An imported bill of materials" });
  }
}

/** What a file holds. The registry judges it; here it only has to be a JSON object. */
export function readBom(text: string): Document<"ImportBom"> {
  const document = parsed(text);
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw new Problem({
      status: 0,
      code: "not_a_document",
      title: "This is no bill of materials",
      detail: "The file is no JSON object. Save the document as CycloneDX in JSON, and choose that file.",
    });
  }
  return document as Document<"ImportBom">;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
