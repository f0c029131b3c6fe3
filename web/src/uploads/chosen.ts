import { bytes } from "../format/number";

const LONGEST = 64;

/** The name of a file as the registry takes it: `ROC curve (EU).png` is `roc-curve-eu-.png`. The end stays. */
export function evidenceName(file: string): string {
  return file
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.-]+/g, "-")
    .slice(-LONGEST);
}

/** Why a file cannot be uploaded; undefined if it can. */
export function fileFault(file: Pick<File, "size"> | null, most: number): string | undefined {
  if (file === null) {
    return "Choose a file.";
  }
  if (file.size === 0) {
    return "The file is empty.";
  }
  if (file.size > most) {
    return `The file has ${bytes(file.size)}. At most ${bytes(most)} can be uploaded here.`;
  }
  return undefined;
}
