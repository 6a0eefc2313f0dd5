// Addresses behind which there is something else than WebHDFS: each is one clear error, soon.
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import type { WebHdfsClient, WebHdfsClientOptions } from "../../src/index.ts";
import { quickClient } from "../quick-client.ts";

const servers: Server[] = [];
const clients: WebHdfsClient[] = [];
let requests = 0;

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function web(listener: RequestListener): Promise<string> {
  const counted: RequestListener = (request, response) => {
    requests += 1;
    listener(request, response);
  };
  return listen(createHttpServer(counted));
}

function client(address: string, options: Partial<WebHdfsClientOptions> = {}): WebHdfsClient {
  const { hdfs } = quickClient({ nameNodes: [address], ...options });
  clients.push(hdfs);
  return hdfs;
}

afterEach(async () => {
  requests = 0;
  for (const made of clients.splice(0)) made.close();
  await Promise.all(
    servers.splice(0).map(
      (server) =>
        new Promise((resolve) => {
          server.close(resolve);
        }),
    ),
  );
});

const status = {
  FileStatus: {
    pathSuffix: "",
    type: "FILE",
    length: 5,
    blockSize: 1024,
    permission: "644",
    owner: "root",
    group: "root",
    modificationTime: 1,
    fileId: 16_386,
  },
};

describe("servers that are no HDFS", () => {
  it.each([
    ["a page", 400, (url: string) => `<html><body>Bad request: ${url}</body></html>`],
    [
      "an exception",
      403,
      (url: string) => JSON.stringify({ RemoteException: { exception: "IOException", message: `cannot do ${url}` } }),
    ],
    ["a challenge", 401, () => ""],
  ])("shows no token of an address that %s repeats", async (_what, code, bodyOf) => {
    const token = "HAAEcm9vdARyb290AIoBjQ-Lw_4";
    const address = await web(({ url = "" }, response) => {
      response.writeHead(code, code === 401 ? { "www-authenticate": `Basic realm="${url}"` } : {}).end(bodyOf(url));
    });
    const asked = client(`http://${address}`, { auth: { kind: "token", token } }).cancelDelegationToken(token);
    const thrown: unknown = await asked.catch((error: unknown) => error);
    expect(thrown).toMatchObject({ name: "WebHdfsError", message: expect.stringContaining("token=…") as string });
    expect(inspect(thrown, { depth: 9 })).not.toContain(token);
  });

  it("a port of gRPC, or of anything that answers without HTTP/1.1, is told at once", async () => {
    const address = await listen(createHttp2Server());
    const listed = client(`http://${address}`).list("/");
    await expect(listed).rejects.toMatchObject({ kind: "protocol", server: address });
    await expect(listed).rejects.toThrow(/speaks no HTTP\/1\.1 \(HPE_\w+\); check host and port/u);
  });

  it("an answer that contradicts itself is told by the parser's words, and not asked for again", async () => {
    const address = await listen(
      createTcpServer((socket) => {
        socket.on("error", () => undefined);
        socket.once("data", () => {
          requests += 1;
          socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nhello");
        });
      }),
    );
    const listed = client(`http://${address}`).list("/");
    await expect(listed).rejects.toMatchObject({ kind: "protocol", outcome: "unknown" });
    await expect(listed).rejects.toThrow(/Content-Length/iu);
    expect(requests).toBe(1);
  });

  it("https: to a port of plain HTTP says so", async () => {
    const address = await web((_, response) => response.end());
    const listed = client(`https://${address}`).list("/");
    await expect(listed).rejects.toMatchObject({ kind: "unreachable", outcome: "not-done" });
    await expect(listed).rejects.toThrow(/speaks no TLS \(\w+\); write "http:"/u);
  });

  it("a login page in front says where it sends one", async () => {
    const address = await web((_, response) => {
      response.writeHead(302, { location: "http://login.invalid/sso?back=1" }).end();
    });
    const listed = client(`http://${address}`).list("/");
    await expect(listed).rejects.toMatchObject({ kind: "protocol" });
    await expect(listed).rejects.toThrow(/a redirect to login\.invalid:80 where a reply is expected, HTTP 302/u);
  });

  it("a page where JSON is expected is no answer", async () => {
    const address = await web((_, response) => response.end("<h1>Welcome</h1>"));
    await expect(client(`http://${address}`).list("/")).rejects.toThrow(/the reply is no JSON, HTTP 200/u);
    expect(requests).toBe(1);
  });

  it("a page is no proof that something was done", async () => {
    const address = await web((_, response) => response.end("<h1>Log in</h1>"));
    const hdfs = client(`http://${address}`);
    await expect(hdfs.setPermission("/f", 0o644)).rejects.toMatchObject({ kind: "protocol", outcome: "unknown" });
    const renamed = hdfs.rename("/f", "/g", { renameOptions: ["NONE"] });
    await expect(renamed).rejects.toMatchObject({ kind: "protocol", outcome: "unknown" });
    expect(requests).toBe(2);
  });

  it.each([
    ["length", -1, /FileStatus\.length" is -1, no count/u],
    ["length", 2 ** 60, /no count/u],
    ["length", 0.5, /no count/u],
    ["pathSuffix", "../../etc/passwd", /is no name/u],
  ])("a status whose %s is %j is no status", async (field, value, message) => {
    const address = await web((_, response) => {
      response.end(JSON.stringify({ FileStatus: { ...status.FileStatus, [field]: value } }));
    });
    const read = client(`http://${address}`).readFile("/f");
    await expect(read).rejects.toMatchObject({ kind: "protocol" });
    await expect(read).rejects.toThrow(message);
  });

  it("a redirect to a port that cannot be is no redirect", async () => {
    const address = await web((request, response) => {
      if (request.url?.includes("op=OPEN") !== true) response.end(JSON.stringify(status));
      else response.writeHead(307, { location: "http://127.0.0.1:99999/f" }).end();
    });
    await expect(client(`http://${address}`).readFile("/f")).rejects.toThrow(/redirect to ".*" is no HTTP address/u);
  });

  it("headers of the caller, which may be credentials, stay with the name service", async () => {
    const seen: (string | undefined)[] = [];
    const other = await web((request, response) => {
      seen.push(request.headers.authorization);
      response.end("hello");
    });
    const address = await web((request, response) => {
      seen.push(request.headers.authorization);
      if (request.url?.includes("op=OPEN") !== true) response.end(JSON.stringify(status));
      else response.writeHead(307, { location: `http://${other}/f` }).end();
    });
    await client(`http://${address}`, { headers: { authorization: "Basic secret" } }).readFile("/f");
    expect(seen).toEqual(["Basic secret", "Basic secret", undefined]);
  });

  it("an encoded reply, which was not asked for, is refused by name", async () => {
    const address = await web((_, response) => {
      response.setHeader("content-encoding", "gzip").end(gzipSync(JSON.stringify(status)));
    });
    const asked = client(`http://${address}`).status("/f");
    await expect(asked).rejects.toMatchObject({ kind: "protocol" });
    await expect(asked).rejects.toThrow(/encoded as "gzip", which was not asked for/u);
    expect(requests).toBe(1);
  });

  it("an encoded file is not taken for the file, though it has as many bytes", async () => {
    const encoded = gzipSync("hello");
    const length = encoded.length;
    const address = await web((request, response) => {
      if (request.url?.includes("op=OPEN") === true) response.setHeader("content-encoding", "gzip").end(encoded);
      else response.end(JSON.stringify({ FileStatus: { ...status.FileStatus, length } }));
    });
    const read = client(`http://${address}`).readFile("/f");
    await expect(read).rejects.toMatchObject({ kind: "incomplete" });
    await expect(read).rejects.toThrow(/encoded as "gzip"/u);
  });
});
