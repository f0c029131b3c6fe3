import type { Document } from "../api/documents";

/** How far a model's data may be known. */
export type Level = NonNullable<Document<"ModelView">["classification"]>;

/** Who may know a model's data, by its level. */
export const LEVELS: Record<Level, string> = {
  public: "everybody may know it",
  internal: "everybody in the organisation may know it",
  confidential: "those who work with it may know it",
  restricted: "few may know it, each by name",
};
