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

/** What a person writes in place of something that others may change, too. */
export interface DraftOf<T> {
  value: T;
  /** The state, such as an ETag, of what it was begun on. It is what must not have changed when the draft is saved. */
  begun: string;
  write: (value: T) => void;
  /** Takes the draft for one that was begun on the present state. */
  rebase: () => void;
  /** Leaves the draft for what is there now. */
  restart: () => void;
  /** Drops what is kept, once it is saved. */
  forget: () => void;
}

/** A draft of something that is in `state` at the moment. It remembers the state that it was begun on. */
export function useDraftOf<T>(name: string, state: string, present: T): DraftOf<T> {
  const [stored, store, forget] = useDraft(name);
  const draft = readDraft<T>(stored);
  const value = draft?.value ?? present;
  const begun = draft?.begun ?? state;
  return {
    value,
    begun,
    write: (next) => store(JSON.stringify({ begun, value: next })),
    rebase: () => store(JSON.stringify({ begun: state, value })),
    restart: () => store(""),
    forget,
  };
}

/** The draft that was kept; null if there is none, or none that can be read. */
function readDraft<T>(text: string): { begun: string; value: T } | null {
  try {
    const draft = JSON.parse(text) as { begun?: unknown; value?: T } | null;
    return typeof draft?.begun === "string" && draft.value !== undefined
      ? { begun: draft.begun, value: draft.value }
      : null;
  } catch {
    return null;
  }
}
