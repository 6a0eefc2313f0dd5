// Switches of the fake cluster: every way in which real servers were seen to be unlike what one expects. What a real
// server does always (the unasked 100 Continue, a short closed file after an aborted PUT, CREATE's redirect that proves
// nothing, RENAME into a directory) has no switch.

/** Happens this often, then no more. */
export interface FakeFault {
  /** Times left; `Infinity` for always. */
  times: number;
  /** Bytes of the body before it happens. */
  readonly afterBytes?: number;
}

/** Change these while the cluster runs. */
export interface FakeTraps {
  /** Host in redirects to a DataNode; a container's name, say. */
  redirectHost: string | undefined;
  /** Scheme of redirects; the DataNode's own unless given. */
  redirectScheme: "http" | "https" | undefined;
  /** Refuse PUT, POST and DELETE without X-XSRF-HEADER. */
  csrf: boolean;
  /** Body of refusals by name nodes: as JSON, empty, or a proxy's HTML. */
  errorBody: "json" | "empty" | "html";
  /** Operations that are answered as by an older server: 400, "No enum constant". */
  readonly unknownOperations: Set<string>;
  /** Names of parameters must be lower case, as in 3.5; before they were made so. */
  caseSensitive: boolean;
  /** LISTSTATUS_BATCH gives the first page again and again. */
  ignoreStartAfter: boolean;
  /** A name node is standby, but says so inside a SecurityException (HDFS-6475). */
  nestedStandby: boolean;
  /** Drop the connection of a name node after a request was carried out: the reply is lost. */
  lostReply: FakeFault | undefined;
  /** Name nodes end each connection after its reply without saying so: kept connections are stale. */
  silentClose: boolean;
  /** Drop the connection within the body of an OPEN. */
  cutRead: FakeFault | undefined;
  /** Announce and send fewer bytes than were asked for. */
  shortRead: FakeFault | undefined;
  /** Announce more bytes than were asked for. */
  longRead: FakeFault | undefined;
  /** Go silent within the body of an OPEN. */
  stallRead: FakeFault | undefined;
  /** Drop the connection within the body of a write: the DataNode is gone, its file stays open. */
  cutWrite: FakeFault | undefined;
  /** Keep only so many bytes of a write, and confirm it. */
  loseWrite: FakeFault | undefined;
  /** No DataNode has room. */
  full: boolean;
  /** A gateway that takes the empty first request of CREATE for the file: 201 without a redirect. */
  noRedirect: boolean;
  /** Send bodies of OPEN in chunks, without a length, as HttpFS does. */
  chunkedReads: boolean;
}

/** Everything as a healthy cluster does it. */
export function noTraps(): FakeTraps {
  return {
    redirectHost: undefined,
    redirectScheme: undefined,
    csrf: false,
    errorBody: "json",
    unknownOperations: new Set(),
    caseSensitive: false,
    ignoreStartAfter: false,
    nestedStandby: false,
    lostReply: undefined,
    silentClose: false,
    cutRead: undefined,
    shortRead: undefined,
    longRead: undefined,
    stallRead: undefined,
    cutWrite: undefined,
    loseWrite: undefined,
    full: false,
    noRedirect: false,
    chunkedReads: false,
  };
}

/** Whether a fault happens now; it is used up by asking. */
export function strikes(fault: FakeFault | undefined): fault is FakeFault {
  if (fault === undefined || fault.times <= 0) return false;
  fault.times -= 1;
  return true;
}
