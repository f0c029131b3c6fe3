import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { asProblem } from "../api/problem";
import { adviceFor } from "./advice";
import { Button } from "./Button";
import "./Notice.css";

const ICONS = { bad: CircleAlert, warn: TriangleAlert, good: CircleCheck, plain: Info };

interface NoticeProps {
  tone?: keyof typeof ICONS;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** Whether it appears while the page is read, so that screen readers must say it. */
  live?: boolean;
}

/** Something that the reader must know, with what can be done about it. */
export function Notice({ tone = "plain", title, children, actions, live = false }: NoticeProps) {
  const Icon = ICONS[tone];
  return (
    <div className={`notice notice-${tone}`} role={live ? "alert" : undefined}>
      <Icon aria-hidden="true" />
      <div className="notice-text">
        <strong>{title}</strong>
        {children}
        {actions && <div className="row notice-actions">{actions}</div>}
      </div>
    </div>
  );
}

/** Why something failed: the API's own words, the next step, and the id to report. */
export function ProblemNotice({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const problem = asProblem(error);
  const { title, detail, errors, request_id: request } = problem.document;
  const advice = adviceFor(problem);
  return (
    <Notice
      tone={problem.passing ? "warn" : "bad"}
      title={title}
      live
      // What is not allowed or not there stays so, however often it is asked for.
      actions={retry && ![403, 404].includes(problem.status) && <Button onClick={retry}>Try again</Button>}
    >
      <p>{detail}</p>
      {errors !== undefined && errors.length > 0 && (
        <ul className="notice-faults">
          {errors.map((fault) => (
            <li key={`${fault.pointer} ${fault.message}`}>
              <code>{fault.pointer}</code> {fault.message}
            </li>
          ))}
        </ul>
      )}
      {advice !== null && <p>{advice}</p>}
      {request !== undefined && problem.status >= 500 && (
        <p className="muted">
          Report this id if it happens again: <code>{request}</code>
        </p>
      )}
    </Notice>
  );
}
