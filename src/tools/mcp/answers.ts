import { z } from "zod";

/** A JSON object, as it came: schemas that name its keys would put these first. */
type Entry = Readonly<Record<string, unknown>>;

const entry = z.custom<Entry>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);

/** A tool as its server lists it. */
export interface ListedTool {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly inputSchema: Entry;
  readonly outputSchema?: Entry | null | undefined;
}

/** What a server answered to a call, as far as it is read. */
export interface CallAnswer {
  readonly content: readonly Entry[];
  readonly structuredContent?: Entry | null | undefined;
  readonly isError?: boolean | undefined;
  readonly _meta?: Entry | undefined;
}

/** What `tools/list` is answered by. */
export const TOOL_LIST: z.ZodType<{
  readonly tools: readonly ListedTool[];
  readonly nextCursor?: string | undefined;
}> = z.looseObject({
  tools: z.array(
    z.looseObject({
      name: z.string(),
      description: z.string().nullish(),
      inputSchema: entry,
      outputSchema: entry.nullish(),
    }),
  ),
  nextCursor: z.string().optional(),
});

/** What `tools/call` is answered by. */
export const CALL_ANSWER: z.ZodType<CallAnswer> = z.looseObject({
  content: z.array(entry).default([]),
  structuredContent: entry.nullish(),
  isError: z.boolean().optional(),
  _meta: entry.optional(),
});
