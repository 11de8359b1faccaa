/** What a MediaWiki's action API answers (`formatversion=2`). */
import { z } from "zod";
import { unavailable, type HttpReply } from "../../../../data/http/http-client.ts";
import { retryAfter, TryAgain } from "../../../../data/http/try-again.ts";

/** A page of an answer; a field is absent when the answer says nothing about it. */
export interface MediaWikiPage {
  readonly pageid?: number | undefined;
  readonly title: string;
  readonly missing?: boolean | undefined;
  /** Whether no page can have the title. */
  readonly invalid?: boolean | undefined;
  readonly extract?: string | undefined;
  readonly links?: readonly Titled[] | undefined;
  readonly pageprops?: Readonly<Record<string, unknown>> | undefined;
}

/** An answer without an error. */
export interface MediaWikiAnswer {
  readonly query?:
    | {
        readonly pages?: readonly MediaWikiPage[] | undefined;
        readonly random?: readonly Titled[] | undefined;
        readonly search?: readonly Titled[] | undefined;
      }
    | undefined;
  /** Parameters that ask for the rest. */
  readonly continue?: Readonly<Record<string, string | number>> | undefined;
}

interface Titled {
  readonly title: string;
}

const TITLED = z.object({ title: z.string() });
const PAGE = z.object({
  pageid: z.number().optional(),
  title: z.string(),
  missing: z.boolean().optional(),
  invalid: z.boolean().optional(),
  extract: z.string().optional(),
  links: z.array(TITLED).optional(),
  pageprops: z.record(z.string(), z.unknown()).optional(),
});
const ANSWER = z.object({
  query: z
    .object({
      pages: z.array(PAGE).optional(),
      random: z.array(TITLED).optional(),
      search: z.array(TITLED).optional(),
    })
    .optional(),
  continue: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  error: z.object({ code: z.string(), info: z.string().optional() }).optional(),
});

/** Errors that pass: the copies lag behind, too many requests, maintenance, a failure inside. */
const PASSING = /^(?:maxlag|ratelimited|readonly|internal_api_error.*)$/;

/** Reads an answer. @throws TryAgain for errors that pass and for what is no answer, GEM_UNAVAILABLE for others */
export function readAnswer(
  { url, status, headers, body }: HttpReply,
  date: number,
): MediaWikiAnswer {
  if (status !== 200) {
    throw unavailable(
      `${url.href} answers with status ${status}. Is it the address of an api.php?`,
      url,
    );
  }
  const result = ANSWER.safeParse(parseJson(body));
  if (!result.success) throw new TryAgain("what came is no answer of a MediaWiki API");
  const { error } = result.data;
  if (error === undefined) return result.data;
  const said = `${error.code}: ${error.info ?? "no explanation"}`;
  if (PASSING.test(error.code))
    throw new TryAgain(said, retryAfter(headers.get("retry-after"), date));
  throw unavailable(`${url.href} refuses: ${said}`, url);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
