const RELOADED = "moorage-reloaded";

/**
 * Loads the page again because a file of its release is gone: a deployment has replaced it. `release` names the release
 * that this page is of. If the file is missing in the new release too, the page is not loaded again and again.
 */
export function loadNewRelease(release: string, storage: Storage, reload: () => void): void {
  if (storage.getItem(RELOADED) !== release) {
    storage.setItem(RELOADED, release);
    reload();
  }
}
