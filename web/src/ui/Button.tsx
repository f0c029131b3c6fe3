import type { ButtonHTMLAttributes, ReactNode } from "react";
import { useId } from "react";
import "./Button.css";

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "disabled"> {
  kind?: "primary" | "plain" | "danger" | "quiet";
  /** Why the action cannot be taken. The button then stays reachable by keyboard and says so. */
  refused?: string | undefined;
  /** Whether the action is running. */
  busy?: boolean;
  children: ReactNode;
}

/** A button. One that cannot be used is not hidden: it says why. */
export function Button({ kind = "plain", refused, busy = false, children, onClick, type, ...rest }: ButtonProps) {
  const reason = useId();
  const off = refused !== undefined || busy;
  const button = (
    <button
      {...rest}
      type={type ?? "button"}
      className={`button button-${kind}`}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      aria-describedby={refused === undefined ? rest["aria-describedby"] : reason}
      onClick={(event) => {
        if (off) {
          event.preventDefault();
        } else {
          onClick?.(event);
        }
      }}
    >
      {children}
    </button>
  );
  if (refused === undefined) {
    return button;
  }
  return (
    <span className="button-refused">
      {button}
      <span id={reason} className="button-reason">
        {refused}
      </span>
    </span>
  );
}
