/** What the environment says about the hub, under the names that Python's huggingface_hub and datasets read. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where the hub and its caches are. */
export interface HubSettings {
  /** The hub's address, without a slash at its end. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /** Whether nothing may be asked for over the network. */
  readonly isOffline: boolean;
  /** The folder of repositories, shared with huggingface_hub. */
  readonly hubCache: string;
  /** The folder of prepared datasets, which Python's `datasets` writes. */
  readonly datasetsCache: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const TRUE = new Set(["1", "ON", "YES", "TRUE"]);

/** The settings that an environment asks for. */
export function hubSettings(environment: Environment = process.env): HubSettings {
  const get = (...names: readonly string[]): string | undefined =>
    names.map((name) => environment[name]).find((value) => value !== undefined && value !== "");
  const isOn = (...names: readonly string[]): boolean =>
    names.some((name) => TRUE.has((environment[name] ?? "").toUpperCase()));
  const home = homeFolder(
    get("HF_HOME") ?? join(get("XDG_CACHE_HOME") ?? join("~", ".cache"), "huggingface"),
  );
  const cache = get("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE") ?? join(home, "hub");
  const prepared = get("HF_DATASETS_CACHE") ?? join(home, "datasets");
  const tokenFile = homeFolder(get("HF_TOKEN_PATH") ?? join(home, "token"));
  const given = get("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN") ?? readToken(tokenFile);
  const token = isOn("HF_HUB_DISABLE_IMPLICIT_TOKEN") ? undefined : given?.trim();
  return {
    endpoint: withoutSlash(get("HF_ENDPOINT") ?? "https://huggingface.co"),
    token: token === "" ? undefined : token,
    isOffline: isOn("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE"),
    hubCache: homeFolder(cache),
    datasetsCache: homeFolder(prepared),
  };
}

function withoutSlash(address: string): string {
  return address.endsWith("/") ? withoutSlash(address.slice(0, -1)) : address;
}

function homeFolder(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
}

function readToken(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
