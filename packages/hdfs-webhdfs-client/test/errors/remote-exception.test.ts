import { describe, expect, it } from "vitest";
import {
  failureKindOf,
  isInvalidToken,
  isUnknownOperation,
  parseRemoteException,
} from "../../src/errors/remote-exception.ts";
import { pageText } from "../../src/errors/quote.ts";
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
