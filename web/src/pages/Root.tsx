import { useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { asProblem } from "../api/problem";
import type { Caller } from "../api/session";
import { useSession } from "../api/useSession";
import { Dialog } from "../ui/Dialog";
import { Skeleton } from "../ui/Loaded";
import { ProblemNotice } from "../ui/Notice";
import { Shell } from "../ui/Shell";
import { SignIn, SignInPage } from "./sign-in/SignIn";

/** The shell for people who are signed in; for others the page to sign in. */
export function Root() {
  const { caller, pending, error, retry } = useSession();
  // Who was signed in last: if the session ends, the page stays, with what was typed into it.
  const [last, setLast] = useState<Caller | null>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => {
    if (caller !== null) {
      setLast(caller);
    }
  }, [caller]);
  const shown = caller ?? last;
  if (shown !== null) {
    return (
      <>
        <Shell caller={shown} />
        <Dialog
          title="Your session has ended"
          open={caller === null && path !== "/sign-in"}
          firm
          onClose={() => undefined}
        >
          <p>Sign in again to go on. What you typed is kept.</p>
          <SignIn onDone={retry} />
        </Dialog>
      </>
    );
  }
  if (pending) {
    return (
      <main className="sign-in">
        <Skeleton />
      </main>
    );
  }
  if (error !== null && asProblem(error).status !== 401) {
    return (
      <main className="sign-in">
        <ProblemNotice error={error} retry={retry} />
      </main>
    );
  }
  return <SignInPage />;
}
