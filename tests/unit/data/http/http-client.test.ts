import { afterEach, describe, expect, it } from "vitest";
import type { Clock } from "../../../../src/data/http/clock.ts";
import { systemClock } from "../../../../src/data/http/clock.ts";
import { HttpClient, type HttpManners } from "../../../../src/data/http/http-client.ts";
import { Pace } from "../../../../src/data/http/pace.ts";
import { TryAgain } from "../../../../src/data/http/try-again.ts";
import { send, startServer, type Answer, type TestServer } from "../../../fixtures/http-server.ts";

/** A clock on which waiting takes no time but is noted. */
class FakeClock implements Clock {
  readonly sleeps: number[] = [];
  #now = 0;

  now(): number {
    return this.#now;
  }

  date(): number {
    return this.#now;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.sleeps.push(ms);
    this.#now += ms;
    return Promise.resolve();
  }
}

const MANNERS: HttpManners = {
  userAgent: "tests/1.0",
  delayMs: 0,
  attempts: 5,
  timeoutMs: 20_000,
  deadlineMs: 60_000,
};
const NEVER = new AbortController().signal;

let server: TestServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(answer: Answer): Promise<URL> {
  server = await startServer(answer);
  return new URL(server.url);
}

function client(clock: Clock, manners: Partial<HttpManners> = {}): HttpClient {
  return new HttpClient({ ...MANNERS, ...manners }, clock, new Pace(clock));
}

const bodyOf = ({ body }: { body: string }): string => body;

describe("HttpSession.get", () => {
  it("gives an answer, and says who asks", async () => {
    const url = await serve((_, request, response) =>
      send(response, 200, `hello ${request.headers["user-agent"]}`),
    );
    const session = client(new FakeClock()).open(NEVER);
    expect(await session.get(url, bodyOf)).toBe("hello tests/1.0");
  });

  it("tries again after failures that pass, longer apart each time", async () => {
    const statuses = [503, 429, 500, 200];
    const url = await serve((_, __, response) => send(response, statuses.shift() ?? 200, "there"));
    const clock = new FakeClock();
    expect(await client(clock).open(NEVER).get(url, bodyOf)).toBe("there");
    expect(clock.sleeps).toHaveLength(3);
    [200, 400, 800].forEach((least, i) => {
      expect(clock.sleeps[i]).toBeGreaterThanOrEqual(least);
      expect(clock.sleeps[i]).toBeLessThanOrEqual(least * 1.5);
    });
  });

  it("waits as long as the server asks", async () => {
    let requests = 0;
    const url = await serve((_, __, response) => {
      requests += 1;
      if (requests === 1) send(response, 429, "", { "retry-after": "7" });
      else send(response, 200, "there");
    });
    const clock = new FakeClock();
    expect(await client(clock).open(NEVER).get(url, bodyOf)).toBe("there");
    expect(clock.sleeps).toEqual([7000]);
  });

  it("gives up at once when the server asks for more time than there is", async () => {
    const url = await serve((_, __, response) => send(response, 503, "", { "retry-after": "600" }));
    await expect(client(new FakeClock()).open(NEVER).get(url, bodyOf)).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: expect.stringContaining("no time for another try") as string,
      details: { attempts: 1, retryable: true },
    });
  });

  it("gives up after its attempts and says what was wrong", async () => {
    const url = await serve((_, __, response) => send(response, 503));
    await expect(client(new FakeClock()).open(NEVER).get(url, bodyOf)).rejects.toMatchObject({
      code: "GEM_UNAVAILABLE",
      message: `${url.href} failed after 5 attempts: the server answered with status 503.`,
      details: { url: url.href, attempts: 5, retryable: true },
    });
    expect(server?.asked).toHaveLength(5);
  });

  it("tries again when the reader finds the answer of no use, and not for other errors of it", async () => {
    const url = await serve((_, __, response) => send(response, 200, "garbage"));
    const session = client(new FakeClock(), { attempts: 2 }).open(NEVER);
    const refuse = (): never => {
      throw new TryAgain("it was garbage");
    };
    await expect(session.get(url, refuse)).rejects.toThrow(/after 2 attempts: it was garbage/);
    const fail = (): never => {
      throw new RangeError("mine");
    };
    await expect(session.get(url, fail)).rejects.toThrow(RangeError);
    expect(server?.asked).toHaveLength(3);
  });

  it("names the reason when nobody listens", async () => {
    const url = await serve(() => undefined);
    await server?.close();
    const session = client(new FakeClock(), { attempts: 2 }).open(NEVER);
    await expect(session.get(url, bodyOf)).rejects.toThrow(/ECONNREFUSED/);
  });

  it("waits for an answer, body included, no longer than its limit", async () => {
    const url = await serve((_, __, response) => {
      response.writeHead(200);
      response.write("never the whole");
    });
    const session = client(systemClock, { attempts: 1, timeoutMs: 30 }).open(NEVER);
    await expect(session.get(url, bodyOf)).rejects.toThrow(/no whole answer within 30 ms/);
  });

  it("stops when it is aborted, with the reason of that", async () => {
    const stop = new AbortController();
    const url = await serve(() => stop.abort(new Error("enough")));
    await expect(client(systemClock).open(stop.signal).get(url, bodyOf)).rejects.toThrow("enough");
    expect(server?.asked).toHaveLength(1);
  });

  it("takes no answer beyond 16 MiB", async () => {
    const url = await serve((_, __, response) => send(response, 200, "x".repeat(17 * 1024 * 1024)));
    await expect(client(new FakeClock()).open(NEVER).get(url, bodyOf)).rejects.toMatchObject({
      message: expect.stringContaining("more than 16777216 bytes") as string,
      details: { retryable: false },
    });
  });
});

describe("HttpSession.follow", () => {
  const redirect = (to: string): Answer => {
    return (url, _, response) => {
      if (url.pathname === "/end") send(response, 200, "the end");
      else send(response, 302, "", { location: to });
    };
  };

  it("follows redirects within the host", async () => {
    const url = await serve(redirect("/end"));
    expect(await client(new FakeClock()).open(NEVER).follow(url, bodyOf)).toBe("the end");
  });

  it.each(["http://127.0.0.2:1/x", "file:///etc/passwd", "ftp://127.0.0.1/x"])(
    "does not follow one to %s",
    async (to) => {
      const url = await serve(redirect(to));
      const following = client(new FakeClock()).open(NEVER).follow(url, bodyOf);
      await expect(following).rejects.toThrow(/leads to another place/);
    },
  );

  it("does not go in circles", async () => {
    const url = await serve(redirect("/again"));
    const following = client(new FakeClock()).open(NEVER).follow(url, bodyOf);
    await expect(following).rejects.toThrow(/without end/);
  });
});

describe("Pace", () => {
  it("keeps requests to one host apart, and not those to another", async () => {
    const clock = new FakeClock();
    const pace = new Pace(clock);
    await pace.turn("a", 25, NEVER);
    await pace.turn("b", 25, NEVER);
    expect(clock.sleeps).toEqual([]);
    await pace.turn("a", 25, NEVER);
    expect(clock.sleeps).toEqual([25]);
    await Promise.all([pace.turn("a", 25, NEVER), pace.turn("a", 25, NEVER)]);
    expect(clock.sleeps.slice(1)).toEqual([25, 25]);
  });
});
