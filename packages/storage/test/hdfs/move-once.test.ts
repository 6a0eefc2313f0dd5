import { storageReason } from "@millrace/ports";
import { WebHdfsError } from "hdfs-webhdfs-client";
import type { HdfsFileStatus, WebHdfsClient } from "hdfs-webhdfs-client";
import { describe, expect, it } from "vitest";
import { moveOnce } from "../../src/hdfs/move-once.ts";

/** A directory of inode numbers by name, and what the server answers to each rename: yes, no, or nothing. */
class PlayedServer {
  readonly names = new Map<string, number>([["/from", 7]]);
  renames = 0;
  readonly #rename: (names: Map<string, number>, count: number) => void;

  constructor(rename: (names: Map<string, number>, count: number) => void) {
    this.#rename = rename;
  }

  get client(): WebHdfsClient {
    const played: Pick<WebHdfsClient, "maybeStatus" | "rename"> = {
      maybeStatus: async (path) => statusOf(this.names.get(path)),
      rename: async () => {
        this.renames += 1;
        this.#rename(this.names, this.renames);
        return true;
      },
    };
    return played as WebHdfsClient;
  }
}

function statusOf(fileId: number | undefined): HdfsFileStatus | undefined {
  return fileId === undefined ? undefined : ({ fileId, kind: "directory" } as HdfsFileStatus);
}

function failure(exception: string | undefined, outcome: "not-done" | "unknown"): WebHdfsError {
  const details = { operation: "RENAME", path: "/from", reason: "no", advice: "try", exception, outcome };
  return new WebHdfsError({ kind: exception === undefined ? "timeout" : "remote", ...details });
}

function move(names: Map<string, number>): void {
  names.set("/to", names.get("/from") ?? 0);
  names.delete("/from");
}

async function outcomeOf(server: PlayedServer): Promise<string> {
  return moveOnce(server.client, { from: "/from", to: "/to", uri: "hdfs://ns/to", option: "NONE" }).then(
    () => "done",
    (thrown: unknown) =>
      storageReason(thrown) ?? (thrown instanceof WebHdfsError ? (thrown.exception ?? "?") : String(thrown)),
  );
}

describe("moveOnce()", () => {
  it("is done when the reply is lost but the very thing lies at the new name", async () => {
    const server = new PlayedServer((names) => {
      move(names);
      throw failure(undefined, "unknown");
    });
    expect([await outcomeOf(server), server.renames]).toEqual(["done", 1]);
  });

  it("asks again when nothing has happened yet, and takes a late first request for what it is", async () => {
    const server = new PlayedServer((names, count) => {
      if (count === 1) throw failure(undefined, "unknown");
      move(names);
      throw failure("FileNotFoundException", "not-done");
    });
    expect([await outcomeOf(server), server.renames]).toEqual(["done", 2]);
  });

  it("is unknown when something else lies at the new name after a lost reply, and never refused", async () => {
    const server = new PlayedServer((names) => {
      names.delete("/from");
      names.set("/to", 8);
      throw failure(undefined, "unknown");
    });
    expect(await outcomeOf(server)).toBe("unknown");
    const refused = new PlayedServer((names, count) => {
      names.set("/to", 8);
      throw count === 1 ? failure(undefined, "unknown") : failure("FileAlreadyExistsException", "not-done");
    });
    expect(await outcomeOf(refused)).toBe("unknown");
  });

  it("ends after three lost replies", async () => {
    const server = new PlayedServer(() => {
      throw failure(undefined, "unknown");
    });
    expect([await outcomeOf(server), server.renames]).toEqual(["unknown", 3]);
  });

  it("passes a refusal on, and calls one for what lies there by its name", async () => {
    const denied = new PlayedServer(() => {
      throw failure("AccessControlException", "not-done");
    });
    expect(await outcomeOf(denied)).toBe("AccessControlException");
    const other = new PlayedServer((names) => {
      names.set("/to", 8);
      throw failure("IOException", "not-done");
    });
    expect(await outcomeOf(other)).toBe("exists");
  });
});
