import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { loadNewRelease } from "./newRelease";
import "./styles/base.css";
import "./ui/Button.css";

// The name of this script contains the hash of its content, so it names the release.
window.addEventListener("vite:preloadError", () => {
  loadNewRelease(import.meta.url, sessionStorage, () => window.location.reload());
});

const root = document.getElementById("root");
if (root === null) {
  throw new TypeError("The page has no element to show the interface in.");
}
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
