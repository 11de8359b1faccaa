import type { EnvHost } from "../../../../core/host.ts";
import type { WikiBackend } from "../backend.ts";
import { folderBackend } from "./folder.ts";
import { kiwixBackend } from "./kiwix.ts";
import { mediaWikiBackend } from "./media-wiki.ts";
import { zimBackend } from "./zim.ts";

/** Where pages come from: `mw` a MediaWiki API, `kiwix` a kiwix-serve, `zim` a ZIM file, `folder` a folder of pages. */
export const BACKENDS = ["mw", "kiwix", "zim", "folder"] as const;

/** The name of a backend. */
export type BackendName = (typeof BACKENDS)[number];

const CREATE = {
  mw: mediaWikiBackend,
  kiwix: kiwixBackend,
  zim: zimBackend,
  folder: folderBackend,
} as const satisfies Record<BackendName, unknown>;

/**
 * Makes a backend; nothing is opened or asked for yet.
 *
 * @param id what it is for, for messages
 * @param host where articles are read, which takes milliseconds for long ones
 * @throws GEM_UNKNOWN_OPTION, GEM_INVALID_OPTION
 */
export function createBackend(
  id: string,
  name: BackendName,
  given: Readonly<Record<string, unknown>>,
  host: EnvHost,
): WikiBackend {
  return CREATE[name](`trawler_kwargs of ${id} with backend "${name}"`, given, host);
}
