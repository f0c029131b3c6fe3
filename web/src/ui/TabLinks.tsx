import { useRouterState } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import "./TabLinks.css";

/** Links between the pages of one thing, in a row. */
export function TabLinks({ label, children }: { label: string; children: ReactNode }) {
  const row = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // On a narrow screen the row scrolls: the link to where the reader is stays in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the router marks another link when the path changes
  useEffect(() => {
    row.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [path]);
  return (
    <nav ref={row} className="tabs no-print" aria-label={label}>
      {children}
    </nav>
  );
}
