import { type AnyRoute, createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Broken } from "./pages/Broken";
import { NotFound } from "./pages/NotFound";
import { Root } from "./pages/Root";
import { UI_PATH } from "./place";

/** The part of an address after `?`. Each page reads what it knows of it. */
export type SearchParams = Record<string, unknown>;

const root = createRootRoute({
  component: Root,
  notFoundComponent: NotFound,
  errorComponent: Broken,
  validateSearch: (search: SearchParams): SearchParams => search,
});
const under = () => root;

const index = createRoute({
  getParentRoute: under,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/home/Home"), "Home"),
});
const models = createRoute({
  getParentRoute: under,
  path: "/models",
  component: lazyRouteComponent(() => import("./pages/models/Models"), "Models"),
});
const model = createRoute({
  getParentRoute: under,
  path: "/models/$model",
  component: lazyRouteComponent(() => import("./pages/model/ModelFrame"), "ModelFrame"),
});
const underModel = () => model;
const modelOverview = createRoute({
  getParentRoute: underModel,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/model/Overview"), "Overview"),
});
const version = createRoute({
  getParentRoute: under,
  path: "/models/$model/versions/$version",
  component: lazyRouteComponent(() => import("./pages/version/Version"), "Version"),
});

const routes: AnyRoute = root.addChildren([index, models, model.addChildren([modelOverview]), version]);

export function createAppRouter() {
  return createRouter({
    routeTree: routes,
    basepath: UI_PATH,
    defaultPreload: "intent",
    scrollRestoration: true,
  });
}
