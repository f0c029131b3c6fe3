/** The pages on which people decide, and see what was decided. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { model, root } from "./root";

export const underRoot = [
  createRoute({
    getParentRoute: () => root,
    path: "/",
    component: lazyRouteComponent(() => import("../pages/home/Home"), "Home"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/inbox",
    component: lazyRouteComponent(() => import("../pages/inbox/Inbox"), "Inbox"),
  }),
] as const;

export const underModel = [
  createRoute({
    getParentRoute: () => model,
    path: "/requests",
    component: lazyRouteComponent(() => import("../pages/requests/Requests"), "Requests"),
  }),
  createRoute({
    getParentRoute: () => model,
    path: "/history",
    component: lazyRouteComponent(() => import("../pages/history/History"), "History"),
  }),
  createRoute({
    getParentRoute: () => model,
    path: "/requests/$request",
    component: lazyRouteComponent(() => import("../pages/request/Request"), "Request"),
  }),
] as const;
