import type { Document } from "../api/documents";
import { Problem } from "../api/problem";

export type Place = Document<"EvidenceFileUploadView">;

// Browsers set it themselves, by the size of what is sent, and let no script do it.
const SET_BY_BROWSERS = "content-length";
// The place takes bytes once. A browser that sent them twice, because the connection broke off, is answered with this.
const THERE_ALREADY = 412;

/**
 * Puts bytes where the registry said, and tells how many are sent. `fetch` cannot tell that. Rejects with a Problem for
 * what the storage refuses, and with the signal's reason if it is aborted.
 */
export function send(place: Place, bytes: Blob, tell: (sent: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    signal.addEventListener("abort", () => request.abort());
    request.open(place.method, place.url);
    for (const [name, value] of Object.entries(place.headers)) {
      if (name !== SET_BY_BROWSERS) {
        request.setRequestHeader(name, value);
      }
    }
    request.upload.addEventListener("progress", ({ loaded }) => tell(loaded));
    request.addEventListener("load", () => {
      const { status } = request;
      if ((status >= 200 && status < 300) || status === THERE_ALREADY) {
        resolve();
      } else {
        reject(refused(status));
      }
    });
    request.addEventListener("error", () => reject(unsent()));
    request.addEventListener("abort", () => reject(signal.reason));
    // A part of a file has no type, so that nothing is sent but what the place was made for.
    request.send(bytes.slice());
  });
}

function refused(status: number): Problem {
  return new Problem({
    status,
    code: "upload_refused",
    title: "The storage refused the file",
    detail:
      status === 403
        ? "The place for it is no longer open. Try again."
        : `Its bytes are not those that were announced (status ${status}). If the file was changed in the meantime, choose it again.`,
  });
}

function unsent(): Problem {
  return new Problem({
    status: 0,
    code: "upload_unsent",
    title: "The file did not arrive",
    detail: "The storage cannot be reached. Check the connection, and try again.",
  });
}
