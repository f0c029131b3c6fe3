import { createRouter, parseSearchWith, stringifySearchWith } from "@tanstack/react-router";
import { UI_PATH } from "./place";
import * as administration from "./routes/administration";
import * as decisions from "./routes/decisions";
import * as finding from "./routes/finding";
import * as models from "./routes/models";
import { model, root, signIn } from "./routes/root";

const routes = root.addChildren([
  signIn,
  ...models.underRoot,
  ...finding.underRoot,
  ...decisions.underRoot,
  ...administration.underRoot,
  model.addChildren([...models.underModel, ...decisions.underModel, ...administration.underModel]),
]);

export function createAppRouter() {
  return createRouter({
    routeTree: routes,
    basepath: UI_PATH,
    defaultPreload: "intent",
    scrollRestoration: true,
    // All that an address holds after `?` is text, and shown as it is.
    parseSearch: parseSearchWith((text) => text),
    stringifySearch: stringifySearchWith(String),
  });
}

// Links are checked: one that leads to no page fails the type check.
declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
