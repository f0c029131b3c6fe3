import type { HTMLAttributes, Ref } from "react";

interface ScrollerProps extends HTMLAttributes<HTMLElement> {
  /** What scrolls, for people who use a screen reader. */
  label: string;
  ref?: Ref<HTMLElement>;
}

/** A part of the page that scrolls by itself. It can have the focus, so that the keyboard scrolls it too. */
export function Scroller({ label, ref, ...section }: ScrollerProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={ref} tabIndex={0} aria-label={label} {...section} />
  );
}
