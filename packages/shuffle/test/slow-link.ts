// A slow network on loopback: a proxy that lets so many bytes a second through from a source to its readers.

import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A proxy that runs. */
export interface SlowLink {
  readonly address: string;
  /** Bytes that went to readers. */
  readonly carried: () => number;
  /** Change what it lets through. */
  setRate(bytesPerSecond: number): void;
  close(): Promise<void>;
}

/** Put a link before a source. All connections share it. @param bytesPerSecond Infinity for as fast as a proxy is. */
export async function slowLink(source: string, bytesPerSecond: number): Promise<SlowLink> {
  const [host, port] = source.split(":");
  const sockets = new Set<Socket>();
  let rate = bytesPerSecond;
  let carried = 0;
  /** When the link is free again. */
  let freeAtMs = 0;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer((reader) => {
    const upstream = connect(Number(port), host);
    keep(reader);
    keep(upstream);
    reader.pipe(upstream);
    upstream.on("data", (bytes) => {
      carried += bytes.length;
      freeAtMs = Math.max(freeAtMs, performance.now()) + (bytes.length / rate) * 1_000;
      upstream.pause();
      const forward = (): void => {
        if (reader.write(bytes)) upstream.resume();
        else reader.once("drain", () => upstream.resume());
      };
      const waitMs = freeAtMs - performance.now();
      // Timers are whole milliseconds and late: what is less goes at once, and the next piece waits for it.
      if (waitMs < 1) forward();
      else setTimeout(forward, waitMs);
    });
    upstream.on("end", () => reader.end());
    upstream.on("close", () => reader.destroy());
    reader.on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    carried: () => carried,
    setRate: (next) => (rate = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
