import { type ComponentProps, lazy, Suspense } from "react";

const MonitorForm = lazy(() => import("./MonitorForm").then(({ MonitorForm }) => ({ default: MonitorForm })));

/** The form of a monitor, which few readers open: it is loaded when somebody does. */
export function LateMonitorForm(props: ComponentProps<typeof MonitorForm>) {
  return (
    <Suspense>
      <MonitorForm {...props} />
    </Suspense>
  );
}
