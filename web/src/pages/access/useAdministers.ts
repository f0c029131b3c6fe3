import { useMay } from "../../api/useSession";

/** Why the reader may not administer access; undefined if they may. */
export function useAdministers(): string | undefined {
  return useMay()("administer") ? undefined : "It needs the action administer on all models.";
}
