import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { loadNewRelease } from "./newRelease";
import "./styles/base.css";
import "./ui/Button.css";

// The name of this script contains the hash of its content, so it names the release.
window.addEventListener("vite:preloadError", () => {
  void loadNewRelease(import.meta.url, sessionStorage, reachable, () => window.location.reload());
});

/** Whether the page itself would be answered. */
async function reachable(): Promise<boolean> {
  try {
    return (await fetch(window.location.href, { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

const root = document.getElementById("root");
if (root === null) {
  throw new TypeError("The page has no element to show the interface in.");
}
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
