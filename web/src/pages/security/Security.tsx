import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { clearanceOf } from "../../scanning/clearance";
import { VerdictBadge } from "../../scanning/VerdictBadge";
import { Loaded } from "../../ui/Loaded";
import { VersionPage } from "../../ui/VersionPage";
import { AttestationsCard } from "./AttestationsCard";
import { BomCard } from "./BomCard";
import { LicensesCard } from "./LicensesCard";
import { scanOf } from "./queries";
import { ScanCard } from "./ScanCard";
import { SignaturesCard } from "./SignaturesCard";
import { StatementsCard } from "./StatementsCard";
import { VerifyCard } from "./VerifyCard";
import { VulnerabilitiesCard } from "./VulnerabilitiesCard";
import "./Security.css";

/** What is known of the safety of a version: what its files would run, what it is made of, and who vouches for it. */
export function Security() {
  const { model, version: ref } = useParams({ strict: false }) as { model: string; version: string };
  const query = useQuery(scanOf(model, ref));
  return (
    <VersionPage
      title="Security"
      model={model}
      version={ref}
      number={query.data?.version}
      beside={query.data !== undefined && <VerdictBadge clearance={clearanceOf(query.data.scan)} />}
      actions={
        <Link className="button" to="/models/$model/versions/$version/files" params={{ model, version: ref }}>
          Files
        </Link>
      }
    >
      <Loaded query={query} lines={12}>
        {(shown) => (
          <>
            <ScanCard shown={shown} />
            <VulnerabilitiesCard model={model} version={shown.version} />
            <LicensesCard model={model} version={shown.version} />
            <BomCard model={model} version={shown.version} />
            <SignaturesCard model={model} version={shown.version} />
            <AttestationsCard model={model} version={shown.version} />
            <StatementsCard model={model} version={shown.version} />
            <VerifyCard model={model} version={shown.version} />
          </>
        )}
      </Loaded>
    </VersionPage>
  );
}
