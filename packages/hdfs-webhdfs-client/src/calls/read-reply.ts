// Calls whose answer is JSON, or nothing.
import { hostAndPort } from "../address/server-address.ts";
import { Reply, ReplyShapeError } from "../model/reply.ts";
import { askNameNode, type NameNodeCall } from "./ask-name-node.ts";
import { protocolFailure } from "./call-failure.ts";
import type { ClientContext } from "./client-context.ts";

/** Read JSON, or say what is wrong with it. */
export function parseReply<T>(
  call: Pick<NameNodeCall, "operation" | "path">,
  answer: { readonly text: string; readonly status: number; readonly server: string },
  read: (reply: Reply) => T,
): T {
  const { operation, path } = call;
  const { status, server } = answer;
  const fail = (reason: string): unknown => protocolFailure({ operation, path }, { status, server, reason }).error;
  let json: unknown;
  try {
    json = JSON.parse(answer.text);
  } catch {
    throw fail("the reply is no JSON");
  }
  try {
    return read(new Reply(json));
  } catch (error) {
    throw error instanceof ReplyShapeError ? fail(error.message) : error;
  }
}

/** Ask, and read the JSON of the answer. */
export async function askForReply<T>(
  context: ClientContext,
  call: NameNodeCall,
  read: (reply: Reply) => T,
): Promise<T> {
  const answer = await askForText(context, call);
  return parseReply(call, { ...answer, server: answer.server.label }, read);
}

/** Ask for something to be done; the answer's body tells nothing, but it must not be a page of somebody else. */
export async function askForDone(context: ClientContext, call: NameNodeCall): Promise<void> {
  await askForAnything(context, call);
}

/** Ask for something to be done. @returns what was answered: nothing, or an object as JSON */
export async function askForAnything(context: ClientContext, call: NameNodeCall): Promise<string> {
  const answer = await askForText(context, call);
  const text = answer.text.trim();
  if (text !== "") parseReply(call, { ...answer, server: answer.server.label }, (reply) => reply.entries());
  return text;
}

async function askForText(context: ClientContext, call: NameNodeCall) {
  const answer = await askNameNode(context, call);
  if (answer.kind === "text") return answer;
  if (answer.kind === "body") {
    answer.exchange.destroy();
    answer.release();
  }
  const { operation, path } = call;
  const what = answer.kind === "redirect" ? `a redirect to ${hostAndPort(answer.target)}` : "a file";
  const status = answer.kind === "redirect" ? answer.status : 200;
  const reason = `${what} where a reply is expected`;
  throw protocolFailure({ operation, path }, { status, server: answer.server.label, reason }).error;
}
