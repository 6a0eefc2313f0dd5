// A client on a cluster that Kerberos guards: KDC, NameNode and DataNode are the real ones, and so is the package.

import {
  createWebHdfsClient,
  negotiateByKerberosPackage,
  type WebHdfsAuth,
  type WebHdfsClient,
} from "hdfs-webhdfs-client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { missingForKerberos, startGuardedHdfs } from "./guarded-hdfs.ts";
import type { GuardedHdfs } from "./guarded-hdfs.ts";

const missing = missingForKerberos();

describe.skipIf(missing !== undefined)(
  `Kerberos on real servers${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    let hdfs: GuardedHdfs;
    const clients: WebHdfsClient[] = [];
    const client = (auth: WebHdfsAuth): WebHdfsClient => {
      const made = createWebHdfsClient({ nameNodes: hdfs.webHdfs, auth });
      clients.push(made);
      return made;
    };

    beforeAll(async () => {
      // Sessions of two seconds, so that one ends within a test.
      hdfs = await startGuardedHdfs({ "hadoop.http.authentication.token.validity": 2 });
      Object.assign(process.env, hdfs.asAlice);
    });
    afterAll(async () => {
      for (const made of clients) made.close();
      await hdfs.stop();
    });

    it("SPNEGO by the package kerberos: who asks is known, and the server proves itself", async () => {
      const alice = client({ kind: "kerberos", requireServerProof: true });
      expect(await alice.homeDirectory()).toBe("/user/alice");
      await alice.create("/user/alice/greeting", "hello\n");
      expect(Buffer.from(await alice.readFile("/user/alice/greeting")).toString()).toBe("hello\n");
      expect(await alice.status("/user/alice/greeting")).toMatchObject({ owner: "alice", bytes: 6 });
      await expect(alice.mkdirs("/not-hers")).rejects.toMatchObject({ exception: "AccessControlException" });
    });

    it("a session that has ended is begun anew", async () => {
      let negotiated = 0;
      const alice = client({
        kind: "kerberos",
        negotiate: async (service) => {
          negotiated += 1;
          return await negotiateByKerberosPackage(service);
        },
      });
      await alice.homeDirectory();
      await alice.homeDirectory();
      expect(negotiated).toBe(1);
      const again = async (): Promise<void> => {
        expect(await alice.homeDirectory()).toBe("/user/alice");
        expect(negotiated).toBe(2);
      };
      await vi.waitFor(again, { timeout: 20_000, interval: 200 });
    });

    it("nobody comes in without credentials, or with a ticket for another server", async () => {
      const home = client({ kind: "simple", user: "hdfs" }).homeDirectory();
      await expect(home).rejects.toThrow(/wants credentials by "Negotiate".*kinit.*npm install kerberos/u);
      const elsewhere = client({ kind: "kerberos", service: () => "HTTP@elsewhere.example" });
      await expect(elsewhere.homeDirectory()).rejects.toMatchObject({ kind: "unauthenticated", outcome: "not-done" });
    });

    it("a proof for another session is refused", async () => {
      const other = client({
        kind: "kerberos",
        negotiate: async (service) => {
          const [mine, others] = [await negotiateByKerberosPackage(service), await negotiateByKerberosPackage(service)];
          return { token: mine.token, ...(others.verify === undefined ? {} : { verify: others.verify }) };
        },
      });
      await expect(other.homeDirectory()).rejects.toThrow(/is not who it should be: its proof .* is wrong/u);
    });

    it("a delegation token serves without a ticket, until it is cancelled", async () => {
      const alice = client({ kind: "kerberos" });
      const token = (await alice.getDelegationToken()) ?? "";
      expect(await alice.renewDelegationToken(token)).toBeGreaterThan(Date.now());
      const worker = client({ kind: "token", token });
      await worker.create("/user/alice/by-token", "x");
      expect((await worker.status("/user/alice/by-token")).owner).toBe("alice");
      await alice.cancelDelegationToken(token);
      await expect(worker.status("/user/alice/by-token")).rejects.toThrow(/InvalidToken.*get a new delegation token/u);
    });
  },
);
