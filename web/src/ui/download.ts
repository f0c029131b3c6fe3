// The browser reads the file at the click; a minute later it surely has.
const KEPT_MS = 60_000;

/** Hands the reader a file that the page made. */
export function download(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

/** Hands the reader a document of the registry as a file, exactly as the registry answers it. */
export function saveJson(name: string, document: unknown): void {
  download(name, "application/json", JSON.stringify(document));
}

/** Goes to an address that answers with a file to save; the page stays. */
export function follow(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.rel = "noreferrer noopener";
  link.click();
}
