import { createContext, useContext } from "react";
import { absolute, relativeTo, type Zone } from "../format/time";

/** The zone in which times are shown. */
export const ZoneContext = createContext<Zone>("local");

/** A time: the minute in the chosen zone, and optionally how long ago that is. The title has the whole. */
export function Time({ at, ago = false }: { at: string; ago?: boolean }) {
  const zone = useContext(ZoneContext);
  return (
    <time dateTime={at} title={at} className="time">
      {absolute(at, zone)}
      {ago && <span className="muted"> · {relativeTo(at, new Date())}</span>}
    </time>
  );
}
