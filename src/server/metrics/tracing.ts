/** Spans of calls for OpenTelemetry, where its API is installed and a provider is registered. */
import type { Subject } from "./call-meters.ts";

/** What is used of a span of `@opentelemetry/api`. */
export interface Span {
  setStatus(status: { readonly code: number }): unknown;
  end(): void;
}

/** What is used of `@opentelemetry/api`. */
export interface TraceApi {
  readonly trace: {
    getTracerProvider(): { getDelegate?(): object };
    getTracer(
      name: string,
      version?: string,
    ): {
      startSpan(
        name: string,
        options: { readonly kind: number; readonly attributes: Readonly<Record<string, unknown>> },
      ): Span;
    };
  };
}

/** Begins a call's span. */
export type Tracing = (method: string, subject: Subject) => Span;

/** `SpanKind.SERVER` and `SpanStatusCode.ERROR`. */
const SERVER = 1;
const ERROR = 2;

const PACKAGE = "@opentelemetry/api";

/** Tracing by what is installed; undefined without it, or when nobody registered a provider: then calls pay nothing for it. */
export async function findTracing(version: string): Promise<Tracing | undefined> {
  try {
    return tracingOf((await import(PACKAGE)) as TraceApi, version);
  } catch {
    return undefined;
  }
}

/** Tracing by an API; undefined when its provider does nothing. */
export function tracingOf({ trace }: TraceApi, version: string): Tracing | undefined {
  const provider = trace.getTracerProvider();
  const delegate = provider.getDelegate?.() ?? provider;
  if (delegate.constructor.name === "NoopTracerProvider") return undefined;
  const tracer = trace.getTracer("gem", version);
  return (method, { meters, counts }) => {
    const ids = meters.map(({ id }) => id).filter((id) => id !== "");
    const attributes = {
      "gem.method": method,
      ...(ids.length === 0 ? {} : { "gem.id": ids.join(",") }),
      "gem.environments": counts.reduce((sum, count) => sum + count, 0),
    };
    return tracer.startSpan(`gem ${method}`, { kind: SERVER, attributes });
  };
}

/** Ends a call's span. */
export function endSpan(span: Span, failed: boolean): void {
  if (failed) span.setStatus({ code: ERROR });
  span.end();
}
