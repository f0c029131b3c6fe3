import { Toast } from "@base-ui/react/toast";
import { asProblem } from "../api/problem";

/** The type of messages that something did not work. */
export const FAILED = "failed";

/** Where short messages are put; the shell shows them. */
export const toasts = Toast.createToastManager();

/** Says that something was done. */
export function done(text: string): void {
  toasts.add({ title: text });
}

/** Says that something did not work, where there is no place for a notice. It stays until it is dismissed. */
export function failed(text: string, error?: unknown): void {
  const title = error === undefined ? text : `${text}: ${asProblem(error).message}`;
  toasts.add({ title, type: FAILED, priority: "high", timeout: 0 });
}
