import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { GemError } from "../../errors.ts";
import { ShopReader } from "./shop-file.ts";

/** The name of a shop's file in its folder. */
export const SHOP_FILE = "gem-webshop.db";

/** Where shops are looked for when no folder is named: upstream's place, then this package's cache. */
export function shopFolders(): readonly string[] {
  const named = process.env["GEM_WEBSHOP"];
  if (named !== undefined && named !== "") return [named];
  const cache = process.env["XDG_CACHE_HOME"] ?? "";
  const own = join(cache === "" ? join(homedir(), ".cache") : cache, "gem", "webshop");
  return [join(".cache", "webshop"), own];
}

/** Shops that are open in this thread, by path and version. */
const shops = new Map<string, ShopReader>();

/**
 * Opens the shop of a folder, once for all environments of a thread.
 *
 * @param folder null: the first of `shopFolders` that has one
 * @throws GEM_UNAVAILABLE
 */
export function openShop(owner: string, folder: string | null): ShopReader {
  const folders = folder === null ? shopFolders() : [folder];
  for (const path of folders.map((name) => resolve(name, SHOP_FILE))) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    const key = `${path}\0${stats.mtimeMs}\0${stats.ino}`;
    let shop = shops.get(key);
    if (shop === undefined) shops.set(key, (shop = new ShopReader(path)));
    return shop;
  }
  const places = folders.map((name) => resolve(name)).join(" and ");
  throw new GemError(
    "GEM_UNAVAILABLE",
    `${owner} needs a shop, and there is no ${SHOP_FILE} in ${places}. Make it by \`gem webshop build\`, or name its folder by the option "data_folder" or the variable GEM_WEBSHOP.`,
    { id: owner, retryable: false },
  );
}
