const REGION = "announcements";

/** Says something to people who use a screen reader, without moving their focus. */
export function announce(text: string): void {
  const region = document.getElementById(REGION);
  if (region !== null) {
    region.textContent = text;
  }
}

/** The id of the element that the shell keeps for announcements. */
export const ANNOUNCEMENTS = REGION;
