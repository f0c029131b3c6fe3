/** The pages for those who document, configure and audit. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { model, root } from "./root";

export const underRoot = [
  createRoute({
    getParentRoute: () => root,
    path: "/me",
    component: lazyRouteComponent(() => import("../pages/me/Me"), "Me"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/audit",
    component: lazyRouteComponent(() => import("../pages/audit/Audit"), "Audit"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/audit/$ledger",
    component: lazyRouteComponent(() => import("../pages/audit/LedgerPage"), "LedgerPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/schemes",
    component: lazyRouteComponent(() => import("../pages/schemes/Schemes"), "Schemes"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/schemes/$scheme",
    component: lazyRouteComponent(() => import("../pages/schemes/SchemePage"), "SchemePage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/webhooks",
    component: lazyRouteComponent(() => import("../pages/webhooks/Webhooks"), "Webhooks"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/webhooks/$webhook",
    component: lazyRouteComponent(() => import("../pages/webhooks/WebhookPage"), "WebhookPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/targets",
    component: lazyRouteComponent(() => import("../pages/targets/Targets"), "Targets"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/targets/$target",
    component: lazyRouteComponent(() => import("../pages/targets/TargetPage"), "TargetPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/schedules",
    component: lazyRouteComponent(() => import("../pages/schedules/Schedules"), "Schedules"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/access",
    component: lazyRouteComponent(() => import("../pages/access/Access"), "Access"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/access/$tab",
    component: lazyRouteComponent(() => import("../pages/access/Access"), "Access"),
  }),
] as const;

export const underModel = [
  createRoute({
    getParentRoute: () => model,
    path: "/card",
    component: lazyRouteComponent(() => import("../pages/card/CardPage"), "CardPage"),
  }),
  createRoute({
    getParentRoute: () => model,
    path: "/settings",
    component: lazyRouteComponent(() => import("../pages/settings/Settings"), "Settings"),
  }),
] as const;
