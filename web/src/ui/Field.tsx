import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";
import { useId } from "react";
import "./Field.css";

interface FieldProps {
  label: string;
  /** What belongs in it, or why it is asked. */
  hint?: ReactNode;
  /** What is wrong with what was entered. */
  fault?: string | undefined;
}

interface Wiring {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}

/** A field with its label, hint and fault, joined so that screen readers say all of them. */
function Wired({ label, hint, fault, children }: FieldProps & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const described = [hint === undefined ? "" : `${id}-hint`, fault === undefined ? "" : `${id}-fault`].join(" ").trim();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(described === "" ? {} : { "aria-describedby": described }),
        ...(fault === undefined ? {} : { "aria-invalid": true as const }),
      })}
      {hint !== undefined && (
        <div id={`${id}-hint`} className="field-hint">
          {hint}
        </div>
      )}
      {fault !== undefined && (
        <div id={`${id}-fault`} className="field-fault">
          ✕ {fault}
        </div>
      )}
    </div>
  );
}

export function TextField({ label, hint, fault, ...input }: FieldProps & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Wired label={label} hint={hint} fault={fault}>
      {(wiring) => <input {...input} {...wiring} className="input" />}
    </Wired>
  );
}

export function TextArea({ label, hint, fault, ...area }: FieldProps & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Wired label={label} hint={hint} fault={fault}>
      {(wiring) => <textarea rows={3} {...area} {...wiring} className="input" />}
    </Wired>
  );
}

export function SelectField({
  label,
  hint,
  fault,
  children,
  ...select
}: FieldProps & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Wired label={label} hint={hint} fault={fault}>
      {(wiring) => (
        <select {...select} {...wiring} className="input">
          {children}
        </select>
      )}
    </Wired>
  );
}

/** A box to tick. */
export function Tick({ label, ...input }: { label: ReactNode } & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <label className="tick">
      <input type="checkbox" {...input} />
      <span>{label}</span>
    </label>
  );
}
