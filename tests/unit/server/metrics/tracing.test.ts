import { describe, expect, it } from "vitest";
import type { CallMeter } from "../../../../src/server/metrics/call-meters.ts";
import { endSpan, tracingOf, type TraceApi } from "../../../../src/server/metrics/tracing.ts";

class NoopTracerProvider {
  readonly nothing = true;
}

/** The API as far as it is used, with what it was told. */
function fakeApi(delegate: object): { readonly api: TraceApi; readonly spans: unknown[] } {
  const spans: unknown[] = [];
  const api: TraceApi = {
    trace: {
      getTracerProvider: () => ({ getDelegate: () => delegate }),
      getTracer: (tracer, version) => ({
        startSpan: (name, options) => {
          const span = { tracer, version, name, options, code: 0, ended: false };
          spans.push(span);
          return {
            setStatus: ({ code }) => (span.code = code),
            end: () => (span.ended = true),
          };
        },
      }),
    },
  };
  return { api, spans };
}

describe("tracing", () => {
  it("does nothing where nobody registered a provider", () => {
    expect(tracingOf(fakeApi(new NoopTracerProvider()).api, "1")).toBeUndefined();
  });

  it("makes a span of each call, with its method, ids and number of environments", () => {
    const { api, spans } = fakeApi({});
    const tracing = tracingOf(api, "0.1.0");
    const meters = [{ id: "a" }, { id: "b" }] as unknown as CallMeter[];
    const span = tracing?.("vector_step", { meters, counts: [2, 3] });
    if (span !== undefined) endSpan(span, true);
    expect(spans).toEqual([
      {
        tracer: "gem",
        version: "0.1.0",
        name: "gem vector_step",
        options: {
          kind: 1,
          attributes: { "gem.method": "vector_step", "gem.id": "a,b", "gem.environments": 5 },
        },
        code: 2,
        ended: true,
      },
    ]);
  });
});
