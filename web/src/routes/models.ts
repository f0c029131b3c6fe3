/** The pages that show models and their versions. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { model, root } from "./root";

export const underRoot = [
  createRoute({
    getParentRoute: () => root,
    path: "/models",
    component: lazyRouteComponent(() => import("../pages/models/Models"), "Models"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/models/$model/versions/$version",
    component: lazyRouteComponent(() => import("../pages/version/Version"), "Version"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/models/$model/versions/$version/files",
    component: lazyRouteComponent(() => import("../pages/files/Files"), "Files"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/models/$model/versions/$version/evaluations/$evaluation",
    component: lazyRouteComponent(() => import("../pages/evaluation/Evaluation"), "Evaluation"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/models/$model/versions/$version/lineage",
    component: lazyRouteComponent(() => import("../pages/lineage/Lineage"), "Lineage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/models/$model/versions/$version/security",
    component: lazyRouteComponent(() => import("../pages/security/Security"), "Security"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/models/$model/versions/$version/release",
    component: lazyRouteComponent(() => import("../pages/release/Release"), "Release"),
  }),
] as const;

export const underModel = [
  createRoute({
    getParentRoute: () => model,
    path: "/",
    component: lazyRouteComponent(() => import("../pages/model/Overview"), "Overview"),
  }),
  createRoute({
    getParentRoute: () => model,
    path: "/versions",
    component: lazyRouteComponent(() => import("../pages/versions/Versions"), "Versions"),
  }),
  createRoute({
    getParentRoute: () => model,
    path: "/compare",
    component: lazyRouteComponent(() => import("../pages/compare/Compare"), "Compare"),
  }),
  createRoute({
    getParentRoute: () => model,
    path: "/board",
    component: lazyRouteComponent(() => import("../pages/board/Board"), "Board"),
  }),
  createRoute({
    getParentRoute: () => model,
    path: "/deployments",
    component: lazyRouteComponent(() => import("../pages/deployments/Deployments"), "Deployments"),
  }),
  createRoute({
    getParentRoute: () => model,
    path: "/monitors",
    component: lazyRouteComponent(() => import("../pages/monitors/Monitors"), "Monitors"),
  }),
  createRoute({
    getParentRoute: () => model,
    path: "/monitors/$monitor",
    component: lazyRouteComponent(() => import("../pages/monitors/MonitorPage"), "MonitorPage"),
  }),
] as const;
