/** A small wiki that answers as a MediaWiki's action API does. */
import type { ServerResponse } from "node:http";
import { send, startServer, type TestServer } from "../../../../fixtures/http-server.ts";

/** A page of the wiki. */
export interface WikiText {
  readonly text: string;
  readonly links?: readonly string[];
  readonly redirect?: string;
  readonly isDisambiguation?: boolean;
}

/** What a test may change while it runs. */
export interface MediaWikiServer extends TestServer {
  /** Titles that `list=random` gives, in turn. */
  readonly random: string[];
  /** Answers that come before any other, one request each. */
  readonly troubles: ((response: ServerResponse) => void)[];
}

/** Links in one part of an answer. */
const PART = 3;

/** Starts the wiki; searching finds the first page whose text holds the words. */
export async function startMediaWiki(
  pages: Readonly<Record<string, WikiText>>,
): Promise<MediaWikiServer> {
  const random: string[] = [];
  const troubles: ((response: ServerResponse) => void)[] = [];
  const server = await startServer((url, _, response) => {
    const trouble = troubles.shift();
    if (trouble !== undefined) trouble(response);
    else send(response, 200, answer(pages, random, url.searchParams));
  });
  return { ...server, random, troubles };
}

function answer(
  pages: Readonly<Record<string, WikiText>>,
  random: string[],
  query: URLSearchParams,
): unknown {
  if (query.get("list") === "random") return { query: { random: [{ title: random.shift() }] } };
  if (query.get("list") === "search") {
    const words = query.get("srsearch") ?? "";
    const hits = Object.keys(pages).filter((title) => pages[title]?.text.includes(words));
    return { query: { search: hits.slice(0, 1).map((title) => ({ title })) } };
  }
  const asked = query.get("titles") ?? "";
  const title = pages[asked]?.redirect ?? asked;
  const page = pages[title];
  if (page === undefined) return { query: { pages: [{ title, missing: true }] } };
  const from = Number(query.get("plcontinue") ?? 0);
  const links = (page.links ?? []).slice(from, from + PART).map((link) => ({ ns: 0, title: link }));
  const rest = from + PART < (page.links ?? []).length;
  return {
    ...(rest ? { continue: { plcontinue: String(from + PART), continue: "||extracts" } } : {}),
    query: {
      pages: [
        {
          pageid: Object.keys(pages).indexOf(title) + 100,
          ns: 0,
          title,
          ...(from === 0 ? { extract: page.text } : {}),
          ...(links.length > 0 ? { links } : {}),
          ...(page.isDisambiguation === true ? { pageprops: { disambiguation: "" } } : {}),
        },
      ],
    },
  };
}
