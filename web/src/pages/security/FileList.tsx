import { many } from "../../format/words";
import { VERDICTS } from "../../scanning/clearance";
import "../../scanning/Scanning.css";
import type { FileFindings } from "./queries";

const TONES = { clean: "good", unscanned: "plain", review: "warn", unsafe: "bad" } as const;

/** What was found in each file: its format, why it has its verdict, and what loading it would import. */
export function FileList({ files }: { files: readonly FileFindings[] }) {
  return (
    <ul className="findings">
      {files.map((file) => (
        <li key={file.path}>
          <div className="row">
            <span className={`verdict verdict-${TONES[file.verdict]}`}>{VERDICTS[file.verdict]}</span>
            <code>
              <bdi>{file.path}</bdi>
            </code>
            <span className="muted">{file.format || "unknown format"}</span>
          </div>
          {file.reasons.length > 0 && (
            <ul className="findings-reasons">
              {file.reasons.map((reason) => (
                <li key={`${reason.code} ${reason.where} ${reason.text}`}>
                  {reason.text}{" "}
                  {reason.where !== "" && (
                    <span className="muted">
                      in <code>{reason.where}</code>
                    </span>
                  )}{" "}
                  <code className="muted">{reason.code}</code>
                </li>
              ))}
            </ul>
          )}
          {file.imports.length > 0 && <Imports file={file} />}
        </li>
      ))}
    </ul>
  );
}

/** What loading a file would import. Of a file that is not clean it is what the reader came for. */
function Imports({ file: { path, imports, verdict } }: { file: FileFindings }) {
  return (
    <details open={verdict !== "clean"}>
      <summary>
        Loading it imports {many(imports.length, "name")}
        <span className="visually-hidden">: {path}</span>
      </summary>
      <ul className="findings-imports">
        {imports.map((name) => (
          <li key={name}>
            <code>{name}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
