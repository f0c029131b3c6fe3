import { type RefObject, useEffect, useRef, useState } from "react";

/** An element's width in pixels, which follows the layout, so that a chart's text keeps its size on every screen. */
export function useWidth<T extends Element>(usual: number): [ref: RefObject<T | null>, width: number] {
  const ref = useRef<T>(null);
  const [width, setWidth] = useState(usual);
  useEffect(() => {
    if (ref.current === null) {
      return undefined;
    }
    const observer = new ResizeObserver(([entry]) => {
      const measured = Math.round(entry?.contentRect.width ?? 0);
      if (measured > 0) {
        setWidth(measured);
      }
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
