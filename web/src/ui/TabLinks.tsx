import type { ReactNode } from "react";
import "./TabLinks.css";

/** Links between the pages of one thing, in a row. */
export function TabLinks({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav className="tabs no-print" aria-label={label}>
      {children}
    </nav>
  );
}
