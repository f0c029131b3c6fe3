import { Toast } from "@base-ui/react/toast";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { FAILED, toasts } from "./toasts";
import "./Toasts.css";

/** The corner in which messages appear for a while. */
export function Toasts() {
  return (
    <Toast.Provider toastManager={toasts} timeout={6000}>
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <Shown />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Shown() {
  const manager = Toast.useToastManager();
  return manager.toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={toast.type === FAILED ? "toast toast-failed" : "toast"}>
      {toast.type === FAILED ? <CircleAlert aria-hidden="true" /> : <CircleCheck aria-hidden="true" />}
      <Toast.Title className="toast-title" />
      <Toast.Close className="toast-close" aria-label="Dismiss">
        <X aria-hidden="true" />
      </Toast.Close>
    </Toast.Root>
  ));
}
