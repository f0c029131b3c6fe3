import { answered, api } from "../api/client";
import type { Document } from "../api/documents";
import { asProblem, Problem } from "../api/problem";
import { changeHeaders } from "../api/tags";
import { sha256 } from "../format/digest";
import { send } from "./send";

export type EvidenceFile = Document<"EvidenceFileView">;

/** The largest evidence file that the registry takes. A browser hashes a file in one piece, so this bounds the memory. */
export const MOST_BYTES = 100 * 1024 ** 2;

/** Where a file belongs. */
export interface Target {
  model: string;
  version: string;
  name: string;
  evaluation?: string;
  description?: string;
}

/** What an upload does at the moment; `sent` are bytes. */
export type Stage = { doing: "reading" } | { doing: "sending"; sent: number } | { doing: "proving" };

/** An attempt to attach one file under one name. A second try goes on where the first one ended. */
export interface Attempt {
  /** Makes it safe to finish twice. */
  key: string;
  /** The id of the place that has all bytes. */
  stored: string | null;
}

export function newAttempt(): Attempt {
  return { key: crypto.randomUUID(), stored: null };
}

/**
 * Attaches a file to a version: hashes it, puts its bytes into the storage, and has the registry prove and list them.
 * Rejects with a Problem, or with the reason of a signal that was aborted.
 */
export async function attach(
  file: Blob,
  target: Target,
  attempt: Attempt,
  tell: (stage: Stage) => void,
  signal: AbortSignal,
): Promise<EvidenceFile> {
  const path = { model: target.model, version: target.version, evidence_file: target.name };
  attempt.stored ??= await store(file, target, tell, signal);
  tell({ doing: "proving" });
  try {
    return await answered(
      api.POST("/v1/models/{model}/versions/{version}/evidence-files/{evidence_file}/finalise", {
        params: { path, header: changeHeaders(attempt.key) },
        body: { id: attempt.stored },
        signal,
      }),
    );
  } catch (error) {
    if (!asProblem(error).passing) {
      // What the registry does not list stays so. The next try begins with a place of its own.
      Object.assign(attempt, newAttempt());
    }
    throw error;
  }
}

async function store(file: Blob, target: Target, tell: (stage: Stage) => void, signal: AbortSignal): Promise<string> {
  tell({ doing: "reading" });
  const digest = await sha256(await contentOf(file));
  const { model, version, name: evidence_file, evaluation, description } = target;
  const place = await answered(
    api.POST("/v1/models/{model}/versions/{version}/evidence-files/{evidence_file}/upload", {
      params: { path: { model, version, evidence_file } },
      body: {
        size: file.size,
        sha256: digest,
        ...(evaluation === undefined ? {} : { evaluation }),
        ...(description === undefined ? {} : { description }),
      },
      signal,
    }),
  );
  tell({ doing: "sending", sent: 0 });
  await send(place, file, (sent) => tell({ doing: "sending", sent }), signal);
  return place.id;
}

async function contentOf(file: Blob): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch {
    // The browser's own words name neither the file nor what to do.
    throw new Problem({
      status: 0,
      code: "file_unreadable",
      title: "The file cannot be read",
      detail: "It was changed, moved or removed since it was chosen. Choose it again.",
    });
  }
}
