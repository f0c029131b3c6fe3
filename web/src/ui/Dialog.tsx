import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, useRef } from "react";
import "./Dialog.css";

interface DialogProps {
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
  /** Whether it can only be left by its own buttons. */
  firm?: boolean;
}

/** A window over the page. Escape and its cross close it, and the focus returns to what opened it. */
export function Dialog({ title, open, onClose, children, firm = false }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  // Whoever opened it wants to write; where there is nothing to write, the dialog itself has the focus.
  const firstField = () => popup.current?.querySelector<HTMLElement>("input, textarea, select") ?? popup.current;
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && !firm && onClose()} disablePointerDismissal>
      <Base.Portal>
        <Base.Backdrop className="dialog-backdrop" />
        <Base.Popup ref={popup} className="dialog" initialFocus={firstField}>
          <div className="dialog-head">
            <Base.Title className="dialog-title">{title}</Base.Title>
            {!firm && (
              <Base.Close className="dialog-close" aria-label="Close">
                <X aria-hidden="true" />
              </Base.Close>
            )}
          </div>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
