import type { Scan } from "../../scanning/clearance";

/** What holds until a scan that is asked for now has its verdict. */
export function meanwhile(scan: Scan | null): string {
  if (scan === null) {
    return "Until there is a verdict, its bytes are given out as before.";
  }
  return scan.verdict === null
    ? "Until there is a verdict, nobody can download it."
    : "Until the new verdict is there, the last one holds.";
}
