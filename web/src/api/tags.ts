/** A document with its ETag, which a change sends back so that nobody's work is overwritten unseen. */
export type Tagged<T> = T & { etag: string | null };

/** The data of an answer, and its ETag. */
export async function tagged<T extends object>(answer: Promise<{ data?: T; response: Response }>): Promise<Tagged<T>> {
  const { data, response } = await answer;
  if (data === undefined) {
    throw new TypeError("The registry answered without a document.");
  }
  return { ...data, etag: response.headers.get("ETag") };
}

/** The headers of a change: the key that makes it safe to send twice, and the state that it was decided on. */
export function changeHeaders(key: string, etag: string | null = null) {
  return { "Idempotency-Key": key, ...(etag === null ? {} : { "If-Match": etag }) };
}
