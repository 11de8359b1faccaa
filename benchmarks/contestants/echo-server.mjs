// Answers every message with as many bytes as its first four ask for. Argument: the address; prints the one it bound.
import { Router } from "zeromq";

const router = new Router({ sendHighWaterMark: 0, receiveHighWaterMark: 0 });
await router.bind(process.argv[2] ?? "tcp://127.0.0.1:*");
process.stdout.write(`${router.lastEndpoint ?? ""}\n`);
process.stdin.on("end", () => process.exit(0)).resume();

for await (const [peer, request] of router) {
  await router.send([peer, Buffer.alloc(request.readUInt32LE(0))]);
}
