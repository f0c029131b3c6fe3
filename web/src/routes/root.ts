import { createRootRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { Broken } from "../pages/Broken";
import { NotFound } from "../pages/NotFound";
import { Root } from "../pages/Root";
import { SignedIn } from "../pages/sign-in/SignedIn";

/** The part of an address after `?`. Each page reads what it knows of it, as texts. */
export type SearchParams = Record<string, unknown>;

export const root = createRootRoute({
  component: Root,
  notFoundComponent: NotFound,
  errorComponent: Broken,
  validateSearch: (search: SearchParams): SearchParams => search,
});

/** The parent of the pages that show one model with links between them. */
export const model = createRoute({
  getParentRoute: () => root,
  path: "/models/$model",
  component: lazyRouteComponent(() => import("../pages/model/ModelFrame"), "ModelFrame"),
});

/** Where an issuer's sign-in that failed leads. Who is signed in has nothing to do here. */
export const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  component: SignedIn,
});
