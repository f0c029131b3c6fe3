import type { Bom } from "./queries";

/** A component of a CycloneDX document, as far as the page reads it. The API's own document leaves its form open. */
interface Component {
  type: string;
  name: string;
  version?: string;
  licenses?: { license?: { id?: string; name?: string }; expression?: string }[];
  components?: Component[];
  pedigree?: { ancestors?: Component[] };
}

/** A licence as the registry understands it, or as it was written if it does not. */
export interface License {
  text: string;
  understood: boolean;
}

/** A base model, with its licence if that is known. */
export interface Base {
  name: string;
  license: License | null;
}

/** What a version is made of, counted. */
export interface Made {
  files: number;
  libraries: number;
  /** How many of the libraries could have any version. */
  unpinned: number;
  datasets: string[];
  /** The framework, Python and the image: `python 3.13`. */
  platform: string[];
  license: License | null;
  bases: Base[];
}

const PLATFORM = ["framework", "platform", "container"];

/** What a bill of materials of the registry says. */
export function madeOf(bom: Bom): Made {
  const model = bom.metadata.component as Component;
  const parts = (bom.components ?? []) as unknown as Component[];
  const libraries = parts.filter(({ type }) => type === "library");
  return {
    files: model.components?.length ?? 0,
    libraries: libraries.length,
    unpinned: libraries.filter(({ version }) => version === undefined).length,
    datasets: parts.filter(({ type }) => type === "data").map(named),
    platform: parts.filter(({ type }) => PLATFORM.includes(type)).map(named),
    license: licenseOf(model),
    bases: (model.pedigree?.ancestors ?? []).map((base) => ({ name: named(base), license: licenseOf(base) })),
  };
}

function named({ name, version }: Component): string {
  return version === undefined ? name : `${name} ${version}`;
}

function licenseOf({ licenses = [] }: Component): License | null {
  const { license, expression } = licenses[0] ?? {};
  const known = license?.id ?? expression;
  if (known !== undefined) {
    return { text: known, understood: true };
  }
  return license?.name === undefined ? null : { text: license.name, understood: false };
}
