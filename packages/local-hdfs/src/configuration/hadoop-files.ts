// Files of a Hadoop configuration directory: properties as XML, and the logging of the servers.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Properties of one file. */
export type Properties = Readonly<Record<string, string | number | boolean>>;

/** Write `core-site.xml`, `hdfs-site.xml` and what the servers need beside them. */
export function writeConfiguration(directory: string, files: Readonly<Record<string, Properties>>): void {
  for (const [name, properties] of Object.entries(files))
    writeFileSync(join(directory, name), propertiesXml(properties));
  writeFileSync(join(directory, "log4j.properties"), loggingProperties);
}

/** Write properties as Hadoop reads them. */
export function propertiesXml(properties: Properties): string {
  const lines = Object.entries(properties).map(
    ([name, value]) =>
      `  <property><name>${escapeXml(name)}</name><value>${escapeXml(String(value))}</value></property>\n`,
  );
  return `<?xml version="1.0"?>\n<configuration>\n${lines.join("")}</configuration>\n`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** One appender to stderr, which is the server's log file. */
const loggingProperties = `log4j.rootLogger=INFO,A
log4j.appender.A=org.apache.log4j.ConsoleAppender
log4j.appender.A.target=System.err
log4j.appender.A.layout=org.apache.log4j.PatternLayout
log4j.appender.A.layout.ConversionPattern=%d{ISO8601} %p %c{2}: %m%n
log4j.logger.org.apache.hadoop.util.NativeCodeLoader=ERROR
log4j.logger.org.apache.hadoop.http=WARN
log4j.logger.org.apache.hadoop.metrics2=WARN
`;
