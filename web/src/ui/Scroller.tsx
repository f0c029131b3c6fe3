import type { HTMLAttributes, Ref } from "react";

interface ScrollerProps extends HTMLAttributes<HTMLDivElement> {
  /** What scrolls, for people who use a screen reader. */
  label: string;
  ref?: Ref<HTMLDivElement>;
}

/** A part of the page that scrolls by itself. It can have the focus, so that the keyboard scrolls it too. */
export function Scroller({ label, ref, ...section }: ScrollerProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a section would be one more landmark, and a fieldset is for forms
    <div ref={ref} tabIndex={0} role="group" aria-label={label} {...section} />
  );
}
