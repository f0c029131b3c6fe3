import { late } from "../../ui/late";

/** The form of a monitor, which few readers open: it is loaded when somebody does. */
export const LateMonitorForm = late(() => import("./MonitorForm").then(({ MonitorForm }) => MonitorForm));
