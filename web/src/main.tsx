import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import "./styles/base.css";
import "./ui/Button.css";

// A deployment replaced the files of the release that this page is of. One reload brings the new ones.
window.addEventListener("vite:preloadError", () => {
  const reloaded = "moorage-reloaded";
  if (sessionStorage.getItem(reloaded) === null) {
    sessionStorage.setItem(reloaded, "1");
    window.location.reload();
  }
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
