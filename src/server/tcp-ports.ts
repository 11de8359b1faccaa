import { createServer, type AddressInfo, type Server } from "node:net";

/**
 * Ports for `count` endpoints: `first`, `first + 1`, …; or, when `first` is 0, ports that are free now. All are known before any of them is
 * bound for good, so a port may be lost to another process in between; binding it then fails and says so.
 */
export async function choosePorts(
  host: string,
  first: number,
  count: number,
): Promise<readonly number[]> {
  if (first !== 0) return Array.from({ length: count }, (_, i) => first + i);
  const servers: Server[] = [];
  try {
    for (let i = 0; i < count; i++) servers.push(await listen(host));
    return servers.map((server) => (server.address() as AddressInfo).port);
  } finally {
    await Promise.all(servers.map(close));
  }
}

function listen(host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, host, () => {
      resolve(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
