import type { components } from "./schema";

/** The documents of the API, by the names of its schemas. */
export type Document<Name extends keyof components["schemas"]> = components["schemas"][Name];

export type Model = Document<"ModelView">;
export type Version = Document<"VersionView">;
export type TransitionRequest = Document<"RequestView">;
