import { type ComponentType, type ReactNode, useEffect, useState } from "react";
import { Problem } from "../api/problem";
import { Dialog } from "./Dialog";
import { ProblemNotice } from "./Notice";

interface LateOptions {
  /** What stands in its place until it is there. */
  waiting?: ReactNode;
  /** Whether what waits does without it: then that stays if it cannot be loaded. */
  needless?: boolean;
}

const UNLOADED = new Problem({
  status: 0,
  code: "part_unloaded",
  title: "A part of this page could not be loaded",
  detail: "Its script did not arrive. Check the connection. If it fails again, load the page again.",
});

/** How a part is loaded, and the part once it is there. */
interface Loading<Props> {
  load: () => Promise<ComponentType<Props>>;
  Part: ComponentType<Props> | null;
}

/**
 * A part that is loaded when it is shown first. If that fails, the rest of the page stays as it is: the part says so,
 * and tries again when it is asked to. A part that can be closed says it in a dialog.
 */
export function late<Props extends object>(load: Loading<Props>["load"]): ComponentType<Props & LateOptions> {
  const loading: Loading<Props> = { load, Part: null };
  return ({ waiting = null, needless = false, ...props }) => (
    <Late loading={loading} props={props as unknown as Props} waiting={waiting} needless={needless} />
  );
}

interface LateProps<Props> extends Required<LateOptions> {
  loading: Loading<Props>;
  props: Props;
}

function Late<Props extends object>({ loading, props, waiting, needless }: LateProps<Props>) {
  const { Part } = loading;
  const [state, setState] = useState<"waiting" | "there" | "failed">("waiting");
  useEffect(() => {
    if (state !== "waiting" || loading.Part !== null) {
      return undefined;
    }
    let shown = true;
    loading
      .load()
      .then((part) => {
        loading.Part = part;
        return "there" as const;
      })
      .catch(() => "failed" as const)
      .then((next) => shown && setState(next));
    return () => {
      shown = false;
    };
  }, [state, loading]);
  if (Part !== null) {
    return <Part {...props} />;
  }
  if (state !== "failed" || needless) {
    return waiting;
  }
  const notice = <ProblemNotice error={UNLOADED} retry={() => setState("waiting")} />;
  return "onClose" in props ? (
    <Dialog title="Not loaded" open onClose={props.onClose as () => void}>
      {notice}
    </Dialog>
  ) : (
    notice
  );
}
