import { privateFolders } from "../../server/ipc-folder.ts";
import { readRegistry, REGISTRY_SCHEME, registryFolder } from "../../server/registry.ts";

/**
 * The addresses to ask first, one a server: those that are given, else those of `GEM_SERVER`, else the first worker of each of this user's
 * servers on this machine that listen on unix sockets.
 */
export function addressesToAsk(given: readonly string[]): readonly string[] {
  if (given.length > 0) return given;
  const named = (process.env["GEM_SERVER"] ?? "")
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address.includes("://"))
    .flatMap((address) => (address.startsWith(REGISTRY_SCHEME) ? listed(address) : [address]));
  return named.length > 0 ? named : privateFolders().map((folder) => `unix://${folder}/0`);
}

/** The addresses of the servers in a folder, with their keys. @throws GEM_INVALID_OPTION */
export function listed(registry: string): readonly string[] {
  return readRegistry(registryFolder(registry)).flatMap(({ endpoints, key }) =>
    endpoints.map((address) => (key === undefined ? address : `${address}?key=${key}`)),
  );
}
