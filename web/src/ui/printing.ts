import { useEffect, useState } from "react";
import { flushSync } from "react-dom";

/** When the page is being printed: the time at which that began; null while it is read on a screen. */
export function usePrinting(): Date | null {
  const [since, setSince] = useState<Date | null>(null);
  useEffect(() => {
    // The browser lays the paper out as soon as the event is over: it must have been drawn by then.
    const begin = () => flushSync(() => setSince(new Date()));
    const end = () => setSince(null);
    window.addEventListener("beforeprint", begin);
    window.addEventListener("afterprint", end);
    return () => {
      window.removeEventListener("beforeprint", begin);
      window.removeEventListener("afterprint", end);
    };
  }, []);
  return since;
}
