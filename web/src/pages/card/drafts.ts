import type { Texts } from "./sections";

/** What somebody was writing, and the revision that they began on. */
export interface CardDraft {
  revision: number;
  texts: Texts;
}

export function draftOf(revision: number, texts: Texts): string {
  return JSON.stringify({ revision, texts } satisfies CardDraft);
}

/** The draft that was kept; null if there is none, or none that can be read. */
export function readDraft(text: string): CardDraft | null {
  try {
    const draft = JSON.parse(text) as Partial<CardDraft> | null;
    return typeof draft?.revision === "number" && typeof draft.texts === "object" && draft.texts !== null
      ? { revision: draft.revision, texts: draft.texts }
      : null;
  } catch {
    return null;
  }
}
