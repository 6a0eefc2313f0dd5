// Checks of an HDFS before its directories are tried: where its NameNodes are and how that is known, whether their names
// resolve, which of them is active, and who we are there.

import { lookup } from "node:dns/promises";
import { get as getPlainly } from "node:http";
import { get as getSecurely } from "node:https";
import { shownText } from "../output/escape-text.ts";
import type { CheckList, Finding } from "./check.ts";
import { bad, ok } from "./check.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A NameNode answers at once, or is not there. */
const askTimeoutMs = 5_000;
/** The page about a NameNode names each DataNode: some 500 characters for each of ten thousand. */
const answerCharactersMax = 16 * 2 ** 20;

/** Check the cluster of an HDFS URI. @returns false when there is no NameNode to ask. */
export async function checkHdfs(list: CheckList, uri: string, environment: Environment): Promise<boolean> {
  const { findConfiguration, hadoopUserName, nameNodeAddresses, parseHdfsUri } = await import("@millrace/storage/hdfs");
  let nameNodes: readonly string[] = [];
  const subject = /^[a-z]+:\/\/[^/]*/u.exec(uri)?.[0] ?? uri;
  const found = await list.make({ subject, name: "configuration", next: "set HADOOP_CONF_DIR" }, () => {
    const { scheme, authority } = parseHdfsUri(uri);
    const configuration = findConfiguration(environment);
    const addresses = nameNodeAddresses(scheme, authority, configuration);
    nameNodes = addresses.nameNodes;
    const user =
      configuration.get("hadoop.security.authentication") === "kerberos" ? "by Kerberos" : hadoopUserName(environment);
    return ok(`${nameNodes.join(", ")} (${addresses.origin}); user ${shownText(user)}`);
  });
  if (found === "failed") return false;
  await list.make({ subject, name: "names", next: "check DNS" }, () => checkNames(nameNodes));
  const servers = await list.make({ subject, name: "name nodes", next: "check that they run" }, () =>
    checkNameNodes(nameNodes),
  );
  return servers !== "failed";
}

async function checkNames(nameNodes: readonly string[]): Promise<Finding> {
  const hosts = [...new Set(nameNodes.map((base) => new URL(base).hostname))];
  const lost: string[] = [];
  for (const host of hosts) await lookup(host.replace(/^\[|\]$/gu, "")).catch(() => lost.push(host));
  if (lost.length === 0) return ok(`${hosts.join(", ")} resolve`);
  const detail = `${lost.join(", ")} do not resolve here`;
  const next = "check the name, or add it to DNS or /etc/hosts";
  return bad(lost.length === hosts.length ? "failed" : "warning", detail, next);
}

/** What one NameNode said of itself. */
interface Answer {
  readonly base: string;
  readonly text: string;
  /** `waits`: on standby, or starting. One that tells nothing of itself is taken to serve. */
  readonly standing: "serves" | "safe-mode" | "waits" | "away";
}

async function checkNameNodes(nameNodes: readonly string[]): Promise<Finding> {
  const answers = await Promise.all(nameNodes.map(askNameNode));
  const detail = answers.map(({ base, text }) => `${base} ${text}`).join("; ");
  const are = (standing: Answer["standing"]): number => answers.filter((answer) => answer.standing === standing).length;
  if (are("serves") > 0)
    return are("away") === 0 ? ok(detail) : bad("warning", detail, "look after the one that does not answer");
  // Without one that serves, each question to the directory below would be asked again for minutes.
  if (are("safe-mode") > 0)
    return bad("failed", detail, 'wait until safe mode ends, or end it with "hdfs dfsadmin -safemode leave"');
  if (are("waits") > 0)
    return bad("failed", detail, 'make one active: "hdfs haadmin -getAllServiceState" tells where all stand');
  return bad("failed", detail, "check the addresses, that the NameNode runs, and that WebHDFS is not turned off");
}

/** Its page of metrics tells state and version; where that is closed, any answer shows that it is there. */
async function askNameNode(base: string): Promise<Answer> {
  try {
    const status = await askBean(base, "NameNodeStatus");
    if (status === undefined) return { base, text: "answers, though not about itself", standing: "serves" };
    const info = await askBean(base, "NameNodeInfo");
    const version = textOf(info?.["SoftwareVersion"]);
    const state = textOf(status["State"]);
    const safe = textOf(info?.["Safemode"]) !== "";
    const active = safe ? "safe-mode" : "serves";
    const text = `is ${state}, Hadoop ${version}${safe ? ", in safe mode" : ""}`;
    return { base, text, standing: state === "active" ? active : "waits" };
  } catch (thrown) {
    return {
      base,
      text: `does not answer (${thrown instanceof Error ? thrown.message : String(thrown)})`,
      standing: "away",
    };
  }
}

type Bean = Readonly<Record<string, unknown>>;

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** @returns undefined when the server has no such page or wants to know first who asks. */
async function askBean(base: string, name: string): Promise<Bean | undefined> {
  const { status, text } = await getText(new URL(`/jmx?qry=Hadoop:service=NameNode,name=${name}`, base));
  if (status !== 200) return undefined;
  try {
    return (JSON.parse(text) as { readonly beans?: readonly Bean[] }).beans?.[0];
  } catch {
    return undefined;
  }
}

/** By Node's own client: `fetch` refuses ports that clusters use. */
async function getText(url: URL): Promise<{ readonly status: number; readonly text: string }> {
  const signal = AbortSignal.timeout(askTimeoutMs);
  const get = url.protocol === "https:" ? getSecurely : getPlainly;
  return new Promise((resolve, reject) => {
    const request = get(url, { signal, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > answerCharactersMax) request.destroy(new Error("its answer is too long"));
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      response.on("error", reject);
    });
    request.on("error", (error) => reject(signal.aborted ? new Error(`no answer for ${askTimeoutMs} ms`) : error));
  });
}
