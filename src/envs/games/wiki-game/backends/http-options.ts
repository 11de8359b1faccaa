import { z } from "zod";
import type { OptionShape, OptionValues } from "../../../../core/options.ts";
import type { HttpManners } from "../../../../data/http/http-client.ts";
import { DEFAULT_LINKS } from "../page.ts";

const LONGEST_MS = 3_600_000;

/** Options of the backends that ask a web server; the first three are upstream's. */
export interface HttpOptionShape {
  readonly query_delay_ms: z.ZodDefault<z.ZodNumber>;
  readonly max_query_attempts: z.ZodDefault<z.ZodInt>;
  readonly query_use_cache: z.ZodDefault<z.ZodBoolean>;
  readonly timeout_ms: z.ZodDefault<z.ZodNumber>;
  readonly deadline_ms: z.ZodDefault<z.ZodNumber>;
  readonly max_links: z.ZodDefault<z.ZodInt>;
  readonly user_agent: z.ZodDefault<z.ZodString>;
}

/** Their schemas. */
export const HTTP_OPTIONS: HttpOptionShape = {
  query_delay_ms: z.number().min(0).max(LONGEST_MS).default(25).describe("a number from 0, in ms"),
  max_query_attempts: z.int().min(1).max(100).default(5).describe("an integer from 1 to 100"),
  query_use_cache: z.boolean().default(false).describe("true or false"),
  timeout_ms: z.number().min(1).max(LONGEST_MS).default(10_000).describe("a number from 1, in ms"),
  deadline_ms: z.number().min(1).max(LONGEST_MS).default(60_000).describe("a number from 1, in ms"),
  max_links: z.int().min(1).default(DEFAULT_LINKS).describe("a positive integer"),
  user_agent: z
    .string()
    .regex(/^[\x20-\x7e]+$/)
    .default(
      "GEM-for-Node/0.1 (WikiGame environment; reads single pages for language model agents)",
    )
    .describe("printable ASCII text that tells the server who asks"),
};

/** The schema of a web server's address. */
export function serverAddress(example: string): z.ZodDefault<z.ZodString> {
  return z
    .string()
    .refine(isServerAddress)
    .default(example)
    .describe(`an http or https address such as "${example}"`);
}

function isServerAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ["http:", "https:"].includes(protocol) && username === "" && password === "";
}

/** The manners that options ask for. */
export function mannersOf(options: OptionValues<HttpOptionShape & OptionShape>): HttpManners {
  return {
    userAgent: options.user_agent,
    delayMs: options.query_delay_ms,
    attempts: options.max_query_attempts,
    timeoutMs: options.timeout_ms,
    deadlineMs: options.deadline_ms,
  };
}
