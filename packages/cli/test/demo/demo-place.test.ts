import { describe, expect, it } from "vitest";
import { hadoopVariables } from "../../src/demo/demo-place.ts";

describe("hadoopVariables()", () => {
  it("names the superuser too, so that HADOOP_USER_NAME of the environment does not lock the demo's jobs out", () => {
    const environment = { HADOOP_CONF_DIR: "/etc/hadoop/conf", HADOOP_USER_NAME: "ada" };
    const variables = hadoopVariables({ confDir: "/tmp/demo/hdfs/conf", user: "hdfs" });
    expect({ ...environment, ...variables }).toEqual({
      HADOOP_CONF_DIR: "/tmp/demo/hdfs/conf",
      HADOOP_USER_NAME: "hdfs",
    });
  });
});
