import { Toast } from "@base-ui/react/toast";

/** Where messages of success are put; the shell shows them. */
export const toasts = Toast.createToastManager();

/** Says that something was done. */
export function done(text: string): void {
  toasts.add({ title: text });
}
