import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";

const OFF_KEY = "moorage-keys-off";
const SEQUENCE_MS = 1000;

/** Where `g` and a letter lead. */
export const PLACES: Record<string, { to: string; name: string }> = {
  h: { to: "/", name: "home" },
  m: { to: "/models", name: "models" },
  i: { to: "/inbox", name: "inbox" },
  s: { to: "/search", name: "search" },
  a: { to: "/audit", name: "audit" },
};

/** Whether keys without Ctrl do something. They collide with some assistive technology, so they can be switched off. */
export function singleKeys(): boolean {
  return localStorage.getItem(OFF_KEY) === null;
}

export function switchSingleKeys(on: boolean): void {
  if (on) {
    localStorage.removeItem(OFF_KEY);
  } else {
    localStorage.setItem(OFF_KEY, "1");
  }
}

/** Whether the key is meant for what has the focus: a field, or an open dialog or menu. */
export function typing(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof Element)) {
    return false;
  }
  const field = target.closest("input, textarea, select, [contenteditable], [role=dialog], [role=menu]");
  // A message in the corner is a dialog too, as far as its role says, but it does not take the keys.
  return field !== null || document.querySelector("[role=dialog]:not(.toast), [role=alertdialog]:not(.toast)") !== null;
}

interface Everywhere {
  palette: () => void;
  help: () => void;
}

/** The keys that work on every page. */
export function useKeys({ palette, help }: Everywhere): void {
  const navigate = useNavigate();
  useEffect(() => {
    let began = 0;
    function pressed(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        palette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || !singleKeys() || typing(event)) {
        return;
      }
      const place = event.timeStamp - began < SEQUENCE_MS ? PLACES[event.key] : undefined;
      began = event.key === "g" ? event.timeStamp : 0;
      if (place !== undefined) {
        event.preventDefault();
        void navigate({ to: place.to });
      } else if (event.key === "?") {
        event.preventDefault();
        help();
      } else if (event.key === "/") {
        const filter = document.querySelector<HTMLElement>("[data-filter]");
        if (filter !== null) {
          event.preventDefault();
          filter.focus();
        }
      } else {
        // Buttons name their own key, so that screen readers say it too.
        const button = document.querySelector<HTMLElement>(`[aria-keyshortcuts="${CSS.escape(event.key)}"]`);
        if (button !== null) {
          event.preventDefault();
          button.click();
        }
      }
    }
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [navigate, palette, help]);
}

/** Single keys of one page, while it is shown. Each opens something; none changes anything by itself. */
export function usePageKeys(keys: Record<string, () => void>): void {
  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || !singleKeys() || typing(event)) {
        return;
      }
      const act = keys[event.key];
      if (act !== undefined) {
        event.preventDefault();
        act();
      }
    }
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [keys]);
}
