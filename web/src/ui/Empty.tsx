import type { ReactNode } from "react";
import "./Empty.css";

/** What stands where nothing is yet: what belongs there, and how to make it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {children}
    </div>
  );
}
