import { describe, expect, it } from "vitest";
import {
  failureKindOf,
  isInvalidToken,
  isUnknownOperation,
  parseRemoteException,
} from "../../src/errors/remote-exception.ts";
import { nextStep } from "../../src/errors/next-step.ts";
import { firstLine, pageText } from "../../src/errors/quote.ts";
import { WebHdfsError } from "../../src/errors/web-hdfs-error.ts";

const remote = (exception: string, message = "") => ({ exception, javaClassName: `x.${exception}`, message });

describe("parseRemoteException()", () => {
  it("reads what Hadoop sends", () => {
    const body =
      '{"RemoteException":{"exception":"FileNotFoundException","javaClassName":"java.io.FileNotFoundException","message":"File does not exist: /x"}}';
    expect(parseRemoteException(body)).toEqual({
      exception: "FileNotFoundException",
      javaClassName: "java.io.FileNotFoundException",
      message: "File does not exist: /x",
    });
  });

  it.each(["", "<html>", "null", "[]", '{"RemoteException":{}}', '{"boolean":true}'])("is undefined for %j", (body) => {
    expect(parseRemoteException(body)).toBeUndefined();
  });
});

describe("failureKindOf()", () => {
  it("knows the ways of saying standby and not yet", () => {
    expect(failureKindOf(remote("StandbyException"))).toBe("not-active");
    expect(
      failureKindOf(remote("SecurityException", "org.apache.hadoop.ipc.StandbyException: Operation category READ")),
    ).toBe("not-active");
    expect(failureKindOf(remote("RemoteException", "Operation category READ is not supported in state observer"))).toBe(
      "not-active",
    );
    expect(failureKindOf(remote("RetriableException"))).toBe("not-ready");
    expect(failureKindOf(remote("SafeModeException"))).toBe("not-ready");
    expect(failureKindOf(remote("RouterSafeModeException"))).toBe("not-ready");
    expect(failureKindOf(remote("ObserverRetryOnActiveException"))).toBe("not-active");
    expect(failureKindOf(remote("IOException", "whatever"))).toBe("final");
  });

  it("knows invalid tokens and unknown operations", () => {
    expect(
      isInvalidToken(remote("SecurityException", "x: org.apache.hadoop.security.token.SecretManager$InvalidToken: y")),
    ).toBe(true);
    expect(isInvalidToken(remote("SecurityException", "else"))).toBe(false);
    const message =
      'Invalid value for webhdfs parameter "op": No enum constant org.apache.hadoop.hdfs.web.resources.GetOpParam.Op.GETSTATUS';
    expect(isUnknownOperation(remote("IllegalArgumentException", message), "GETSTATUS")).toBe(true);
    expect(isUnknownOperation(remote("IllegalArgumentException", message), "STATUS")).toBe(false);
    const older = 'Invalid value for webhdfs parameter "op": GETSTATUS is not a valid GET operation.';
    expect(isUnknownOperation(remote("IllegalArgumentException", older), "GETSTATUS")).toBe(true);
  });
});

describe("pageText()", () => {
  it("leaves what a page says", () => {
    expect(
      pageText(
        "<html><head><style>a { b }</style><title>Error 404</title></head><body>\n<h2>Not&nbsp;here</h2></body>",
      ),
    ).toBe("Error 404 Not&nbsp;here");
    expect(pageText("")).toBe("");
    expect(pageText("x".repeat(1000))).toHaveLength(121);
  });
});

describe("WebHdfsError", () => {
  it("says what, why and what to do in one line, whatever the path holds", () => {
    const error = new WebHdfsError({
      kind: "remote",
      operation: "OPEN",
      path: '/a\n"b',
      reason: "it is gone",
      advice: "look",
      outcome: "not-done",
    });
    expect(error.message).toBe('Cannot OPEN "/a\\n\\"b": it is gone; look');
  });
});

describe("nextStep()", () => {
  // Messages as Hadoop 3.4.2 words them.
  it.each([
    ["IOException", "Failed to find datanode, suggest to check cluster health. excludeDatanodes=null", /registered/u],
    ["IOException", "No active nodes contain this block", /start the DataNodes/u],
    ["IOException", "File /f could only be written to 0 of the 1 minReplication nodes.", /make room/u],
    ["IllegalArgumentException", "Invalid operation GETFILESTATUS", /address of a DataNode/u],
    ["IllegalArgumentException", 'Invalid value for webhdfs parameter "user.name": Invalid value: "b ob"', /the user/u],
    [
      "SnapshotException",
      "The directory /r cannot be deleted since /r is snapshottable and already has snapshots",
      /delete the snap/u,
    ],
    ["PathComponentTooLongException", "The maximum path component name limit", /shorter name/u],
    ["IllegalArgumentException", "Invalid value: -1 < 0", /values of the call/u],
    ["IOException", "else", /NameNode's log/u],
  ])("knows %s: %s", (exception, message, step) => {
    expect(nextStep(exception, message)).toMatch(step);
  });
});

describe("firstLine()", () => {
  it("keeps the end of a long line, which says what is wrong with the path that it quotes", () => {
    const line = firstLine(`The maximum path component name limit of ${"x".repeat(4000)} is exceeded: limit=255\n\tat`);
    expect(line.length).toBeLessThanOrEqual(301);
    expect(line).toMatch(/^The maximum path component name limit of x+…x+ is exceeded: limit=255$/u);
  });
});
