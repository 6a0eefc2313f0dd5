import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { probeAddress } from "../src/probe-address.ts";

describe("probeAddress()", () => {
  it("tells a listener from a refused port", async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await probeAddress(`127.0.0.1:${port}`)).toBe("alive");
    await new Promise((resolve) => server.close(resolve));
    expect(await probeAddress(`127.0.0.1:${port}`)).toBe("refused");
  });

  it.each(["", "nonsense", "127.0.0.1:99999", "127.0.0.1:-1", "a b:1", "[::g]:1"])(
    "knows nothing of an address that is none: %j",
    async (address) => {
      expect(await probeAddress(address)).toBe("unknown");
    },
  );
});
