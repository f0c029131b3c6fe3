import { useCallback, useSyncExternalStore } from "react";

const KEY = "moorage-stars";
const NONE: readonly string[] = [];
const watchers = new Set<() => void>();
let known: { text: string | null; stars: readonly string[] } = { text: null, stars: NONE };

/** The models that the reader starred, in this browser only, and a function that stars one or takes its star away. */
export function useStars(): [stars: readonly string[], toggle: (model: string) => void] {
  const stars = useSyncExternalStore(watch, read);
  const toggle = useCallback((model: string) => {
    const now = read();
    const next = now.includes(model) ? now.filter((name) => name !== model) : [...now, model].sort();
    localStorage.setItem(KEY, JSON.stringify(next));
    for (const watcher of watchers) {
      watcher();
    }
  }, []);
  return [stars, toggle];
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  // Another tab may star a model.
  window.addEventListener("storage", watcher);
  return () => {
    watchers.delete(watcher);
    window.removeEventListener("storage", watcher);
  };
}

function read(): readonly string[] {
  const text = localStorage.getItem(KEY);
  if (text !== known.text) {
    known = { text, stars: parsed(text) };
  }
  return known.stars;
}

/** The names in what is stored; none if somebody else wrote there. */
export function parsed(text: string | null): readonly string[] {
  try {
    const stored: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(stored) ? stored.filter((name) => typeof name === "string") : NONE;
  } catch {
    return NONE;
  }
}
