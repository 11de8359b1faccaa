import { GemError, show } from "../../errors.ts";

/** The address of a server. @param name where it was written, for messages @throws GEM_INVALID_OPTION */
export function serverUrl(name: string, text: string | undefined): URL {
  if (text !== undefined && /^https?:/.test(text) && URL.canParse(text)) return new URL(text);
  throw new GemError(
    "GEM_INVALID_OPTION",
    `${name} must be an http or https address, got ${show(text)}.`,
  );
}

/** An address below another one. */
export function below(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${path}`;
  return url;
}

/** A value that must be there. @throws GEM_INVALID_OPTION */
export function required(name: string, value: string | undefined): string {
  if (value !== undefined && value !== "") return value;
  throw new GemError("GEM_INVALID_OPTION", `${name} must be given for this method.`);
}
