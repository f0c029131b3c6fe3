import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asProblem } from "../../api/problem";
import { issuerAddress, signIn, signInMethods } from "../../api/session";
import { registryAddress, UI_PATH } from "../../place";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Loaded } from "../../ui/Loaded";
import { Notice } from "../../ui/Notice";
import "./SignIn.css";

/** What an issuer or the registry answered to a sign-in that failed, by the code in the address. */
const FAILURES: Record<string, string> = {
  sign_in_expired: "The sign-in took longer than ten minutes, or began in another browser. Begin again.",
  sign_in_refused:
    "The registry does not accept this identity. Ask an administrator to look at the trust's conditions.",
  issuer_unavailable: "The registry could not reach the issuer. Try again in a moment.",
  trust_not_found: "Nobody can sign in this way any more. Choose another.",
  quota_exceeded: "Too many sign-ins today. Ask an administrator to raise the limit daily_sessions.",
};

/** Ways to sign in: with an issuer, or with a token. */
export function SignIn({ onDone }: { onDone?: () => void }) {
  const methods = useQuery({ queryKey: ["session", "methods"], queryFn: signInMethods, staleTime: 60_000 });
  const failure = new URLSearchParams(window.location.search).get("error");
  const here = window.location.pathname + window.location.search;
  const returnTo = here.startsWith(`${UI_PATH}/sign-in`) ? `${UI_PATH}/` : here;
  return (
    <div className="stack">
      {failure !== null && (
        <Notice tone="warn" title="You are not signed in" live>
          <p>{FAILURES[failure] ?? `The sign-in failed (${failure}).`}</p>
        </Notice>
      )}
      <Loaded query={methods} lines={2}>
        {({ oidc }) =>
          oidc.length > 0 && (
            <div className="stack">
              {oidc.map(({ trust, label }) => (
                <a key={trust} className="button" href={issuerAddress(trust, returnTo.slice(UI_PATH.length - 3))}>
                  {label}
                </a>
              ))}
              <p className="sign-in-or muted">or</p>
            </div>
          )
        }
      </Loaded>
      <TokenForm onDone={onDone} />
    </div>
  );
}

function TokenForm({ onDone }: { onDone?: (() => void) | undefined }) {
  const [token, setToken] = useState("");
  const entering = useMutation({ mutationFn: signIn, onSuccess: () => onDone?.() });
  function enter(event: FormEvent) {
    event.preventDefault();
    entering.mutate(token.trim());
  }
  const problem = entering.error === null ? null : asProblem(entering.error);
  return (
    <form className="stack" onSubmit={enter}>
      <TextField
        label="Token"
        type="password"
        name="token"
        autoComplete="current-password"
        spellCheck={false}
        required
        value={token}
        onChange={(event) => setToken(event.target.value)}
        hint={
          <>
            It begins with <code>moor_</code>. Your administrator makes one with <code>moorage tokens create</code>.
          </>
        }
        fault={problem?.message}
      />
      <Button kind="primary" type="submit" busy={entering.isPending}>
        Sign in
      </Button>
    </form>
  );
}

/** The whole page, for people who are not signed in. */
export function SignInPage() {
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <h1>Sign in to Moorage</h1>
        <p className="muted sign-in-address">{registryAddress()}</p>
        <SignIn />
      </div>
    </main>
  );
}
