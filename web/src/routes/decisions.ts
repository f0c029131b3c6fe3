/** The pages on which people decide, and see what was decided. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "./root";

export const underRoot = [
  createRoute({
    getParentRoute: () => root,
    path: "/",
    component: lazyRouteComponent(() => import("../pages/home/Home"), "Home"),
  }),
] as const;

export const underModel = [] as const;
