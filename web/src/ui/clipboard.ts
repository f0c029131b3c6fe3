import { announce } from "./announce";
import { failed } from "./toasts";

/** Copies `text` and says so, or says that the browser refuses to. `what` names it. Returns whether it was copied. */
export async function copied(text: string, what: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A setting of the browser forbids it, or the page came without TLS from another machine.
    failed("This browser does not let the page copy. Its settings for this site can allow it.");
    return false;
  }
  announce(`Copied ${what}`);
  return true;
}
