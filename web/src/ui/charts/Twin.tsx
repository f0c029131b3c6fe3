import { type ReactNode, useState } from "react";

/** The numbers of a chart as a table, which is made when somebody opens it. */
export function Twin({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="chart-twin" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>As a table</summary>
      {open && children}
    </details>
  );
}
