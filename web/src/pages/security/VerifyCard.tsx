import { Snippet } from "../../ui/Copy";
import { Card } from "../../ui/Page";

/** How somebody verifies all of this without believing this page. */
export function VerifyCard({ model, version }: { model: string; version: number }) {
  return (
    <Card title="Verify it yourself">
      <p className="text">
        This page shows what the registry says. One command checks the files, the signatures, the last move and the
        ledger on your own machine, and says in words what is proven and what is not:
      </p>
      <Snippet text={`moorage verify ${model}/${version} model/`} what="the command that verifies this version" />
      <p className="text muted">
        <code>model/</code> is where the files are. Files that you download here can be checked without the registry,
        with <code>--signature</code>, <code>--statement</code> and a <code>--key</code> that you have from elsewhere.
      </p>
    </Card>
  );
}
