import { createContext, useContext } from "react";
import type { Zone } from "../format/time";

interface Chosen {
  zone: Zone;
  setZone: (zone: Zone) => void;
}

const Context = createContext<Chosen>({ zone: "local", setZone: () => undefined });

/** Gives the pages what the reader chose for this browser. */
export const Preferences = Context;

export function usePreferences(): Chosen {
  return useContext(Context);
}

/** A colour theme: the system's, or one that the reader chose. */
export type Theme = "system" | "light" | "dark";

const THEME_COOKIE = "moorage-theme";
const YEAR_SECONDS = 31_536_000;

export function chosenTheme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

/** Applies a theme, and keeps it in a cookie from which the server writes the next page, so that it never flashes. */
export function chooseTheme(theme: Theme): void {
  const life = theme === "system" ? 0 : YEAR_SECONDS;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `${THEME_COOKIE}=${theme}; Path=/; Max-Age=${life}; SameSite=Lax`;
  if (theme === "system") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}
