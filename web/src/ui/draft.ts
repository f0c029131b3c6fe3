import { useCallback, useState } from "react";

const PREFIX = "moorage-draft ";

/** A text that a person is writing. It outlives a reload and the end of a session, in this tab only. */
export function useDraft(
  name: string,
  initial = "",
): [text: string, write: (text: string) => void, forget: () => void] {
  const key = PREFIX + name;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? initial);
  const write = useCallback(
    (next: string) => {
      setText(next);
      sessionStorage.setItem(key, next);
    },
    [key],
  );
  const forget = useCallback(() => sessionStorage.removeItem(key), [key]);
  return [text, write, forget];
}
