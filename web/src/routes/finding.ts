/** The pages that look for versions in all models, or follow what they share. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "./root";

export const underRoot = [
  createRoute({
    getParentRoute: () => root,
    path: "/search",
    component: lazyRouteComponent(() => import("../pages/search/Search"), "Search"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/leaderboard",
    component: lazyRouteComponent(() => import("../pages/leaderboard/Leaderboard"), "Leaderboard"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/lineage",
    component: lazyRouteComponent(() => import("../pages/lineage/SharedLineage"), "SharedLineage"),
  }),
] as const;
