import { signOut } from "../api/session";
import { failed } from "./toasts";

/** Signs out, or says that the session goes on. */
export async function leave(): Promise<void> {
  try {
    await signOut();
  } catch (error) {
    failed("You are still signed in", error);
  }
}
