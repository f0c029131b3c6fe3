import { infiniteQueryOptions } from "@tanstack/react-query";
import { answered, api } from "../../api/client";
import type { Document } from "../../api/documents";
import { Problem } from "../../api/problem";

export type ListedFile = Document<"ListedFileView">;

const PAGE = 100;

/** A version's files with their digests, page by page. */
export function filesOf(model: string, version: string) {
  return infiniteQueryOptions({
    queryKey: ["model", model, "version", version, "files"],
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/v1/models/{model}/versions/{version}/files", {
          params: { path: { model, version }, query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Where one file can be had: an address that is signed for a short time, or the place of a file that lies elsewhere.
 *
 * The API lists the addresses in pages, so this reads pages until the file is there: ten at most. Throws Problem.
 */
export async function addressOf(model: string, version: string, file: string): Promise<string> {
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: Document<"ManifestView"> = await answered(
      api.GET("/v1/models/{model}/versions/{version}/artifacts", {
        params: { path: { model, version }, query: { limit: PAGE, ...(cursor === "" ? {} : { cursor }) } },
      }),
    );
    const found = page.items.find(({ path }) => path === file);
    const address = found?.url ?? found?.uri;
    if (address != null) {
      return address;
    }
    cursor = page.next_cursor;
  }
  throw new Problem({
    status: 404,
    code: "file_not_found",
    title: "The file is not there",
    detail: `The registry names no address of ${file}.`,
  });
}
