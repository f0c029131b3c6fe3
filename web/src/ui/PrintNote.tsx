import { Person } from "./Badges";
import { usePrinting } from "./printing";
import { Time } from "./Time";

/** What a page on paper says of itself: when it was printed, by whom, and where it can be seen. */
export function PrintNote({ by }: { by: string }) {
  const since = usePrinting();
  return (
    since !== null && (
      <p className="print-note">
        Printed <Time at={since.toISOString()} /> by <Person name={by} /> from {window.location.href}
      </p>
    )
  );
}
