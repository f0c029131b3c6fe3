import { useState } from "react";
import { api } from "../../api/client";
import { faultAt } from "../../api/faults";
import { changeHeaders } from "../../api/tags";
import { many } from "../../format/words";
import { ActionDialog } from "../../ui/ActionDialog";
import { SelectField, TextArea, TextField } from "../../ui/Field";
import type { Assessment } from "./queries";
import { expiryOf, inWords, JUSTIFICATIONS, missing, STATUSES, type Status, type Term, termOf } from "./vex";

const DAYS = [30, 90, 180, 365];

interface StateDialogProps {
  assessment: Assessment & { etag: string | null };
  /** Which vulnerability it is about; empty: the reader names it. */
  id: string;
  onClose: () => void;
}

/** States how a version stands to a vulnerability, as VEX documents do. */
export function StateDialog({ assessment, id: given, onClose }: StateDialogProps) {
  const { model, version, statements } = assessment;
  // What was opened is what is overwritten: a statement that came in the meantime is not.
  const [etag] = useState(assessment.etag);
  const [before] = useState(() => statements.find((one) => one.id === given));
  const [id, setId] = useState(given);
  const [status, setStatus] = useState<Status>(before?.status ?? "not_affected");
  const [justification, setJustification] = useState(before?.justification ?? "");
  const [detail, setDetail] = useState(before?.detail ?? "");
  const [term, setTerm] = useState(() => termOf(before));
  const expires = expiryOf(term, before, new Date());
  const justified = status === "not_affected" ? justification : "";
  return (
    <ActionDialog
      title={given === "" ? "State how it stands to a vulnerability" : `State how it stands to ${given}`}
      label="State it"
      act={(_, key) =>
        api.PUT("/v1/models/{model}/versions/{version}/vulnerabilities/{vulnerability}", {
          params: {
            path: { model, version: String(version), vulnerability: id.trim() },
            header: changeHeaders(key, etag),
          },
          body: {
            status,
            detail,
            ...(justified === "" ? {} : { justification: justified }),
            ...(expires === undefined ? {} : { expires_at: expires }),
          },
        })
      }
      said={`It is stated how version ${version} stands to ${id.trim()}`}
      refresh={[["model", model, "version"]]}
      refused={missing(id, status, justified, detail)}
      onClose={onClose}
    >
      {(error) => (
        <>
          {given === "" && (
            <TextField
              label="Vulnerability"
              hint="An id such as GHSA-53q9-r3pm-6pq6, or an alias such as its CVE."
              required
              maxLength={128}
              spellCheck={false}
              value={id}
              onChange={(event) => setId(event.target.value)}
            />
          )}
          <SelectField label="Status" value={status} onChange={(event) => setStatus(event.target.value as Status)}>
            {Object.entries(STATUSES).map(([name, meaning]) => (
              <option key={name} value={name}>
                {meaning}
              </option>
            ))}
          </SelectField>
          {status === "not_affected" && (
            <SelectField
              label="Justification"
              fault={faultAt(error, "/justification")}
              value={justification}
              onChange={(event) => setJustification(event.target.value)}
            >
              <option value="">None: the detail says why</option>
              {JUSTIFICATIONS.map((name) => (
                <option key={name} value={name}>
                  {inWords(name)}
                </option>
              ))}
            </SelectField>
          )}
          <TextArea
            label="Detail (optional)"
            hint="For reviewers and auditors: how you know."
            maxLength={2000}
            fault={faultAt(error, "/detail")}
            value={detail}
            onChange={(event) => setDetail(event.target.value)}
          />
          <SelectField label="It stands for" value={term} onChange={(event) => setTerm(event.target.value as Term)}>
            {termOf(before) === "kept" && <option value="kept">as long as before</option>}
            {DAYS.map((number) => (
              <option key={number} value={number}>
                {many(number, "day")}
              </option>
            ))}
            <option value="good">good, until it is taken back</option>
          </SelectField>
          <p className="text">
            Not affected and fixed lift the vulnerability. The gates of the model’s scheme say whose statements count.
          </p>
        </>
      )}
    </ActionDialog>
  );
}
