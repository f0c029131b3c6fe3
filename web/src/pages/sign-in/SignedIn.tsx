import { Navigate } from "@tanstack/react-router";

/** Leads whoever is signed in from the page to sign in to the interface. */
export function SignedIn() {
  return <Navigate to="/" search={{}} replace />;
}
