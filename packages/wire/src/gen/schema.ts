// Generated from proto/ by packages/wire/scripts/generate.mjs: the schema of every message and service.
export const schema = {
 "nested": {
  "millrace": {
   "nested": {
    "v1": {
     "nested": {
      "JobService": {
       "methods": {
        "Submit": {
         "requestType": "SubmitRequest",
         "requestStream": true,
         "responseType": "SubmitReply"
        },
        "Get": {
         "requestType": "GetRequest",
         "responseType": "Job"
        },
        "List": {
         "requestType": "ListRequest",
         "responseType": "ListReply"
        },
        "Watch": {
         "requestType": "WatchRequest",
         "responseType": "Job",
         "responseStream": true
        },
        "Kill": {
         "requestType": "KillRequest",
         "responseType": "KillReply"
        },
        "Counters": {
         "requestType": "CountersRequest",
         "responseType": "CountersReply"
        },
        "Events": {
         "requestType": "EventsRequest",
         "responseType": "Event",
         "responseStream": true
        },
        "Tasks": {
         "requestType": "TasksRequest",
         "responseType": "TasksReply"
        },
        "Logs": {
         "requestType": "LogsRequest",
         "responseType": "LogChunk",
         "responseStream": true
        },
        "Workers": {
         "requestType": "WorkersRequest",
         "responseType": "WorkersReply"
        }
       }
      },
      "JobSpec": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "bundle": {
         "type": "BundleRef",
         "id": 2
        },
        "dataVersion": {
         "type": "uint32",
         "id": 3
        },
        "nodeMajor": {
         "type": "uint32",
         "id": 4
        },
        "inputs": {
         "rule": "repeated",
         "type": "InputSpec",
         "id": 5
        },
        "stages": {
         "rule": "repeated",
         "type": "StageSpec",
         "id": 6
        },
        "output": {
         "type": "OutputTarget",
         "id": 7
        },
        "params": {
         "rule": "repeated",
         "type": "NamedText",
         "id": 8
        },
        "options": {
         "type": "JobOptions",
         "id": 9
        },
        "files": {
         "rule": "repeated",
         "type": "SideFile",
         "id": 10
        }
       }
      },
      "BundleRef": {
       "fields": {
        "sha256": {
         "type": "bytes",
         "id": 1
        },
        "bytes": {
         "type": "int64",
         "id": 2
        }
       }
      },
      "InputSpec": {
       "oneofs": {
        "_name": {
         "oneof": [
          "name"
         ]
        }
       },
       "fields": {
        "patterns": {
         "rule": "repeated",
         "type": "string",
         "id": 1
        },
        "format": {
         "type": "InputFormatSpec",
         "id": 2
        },
        "name": {
         "type": "string",
         "id": 3,
         "options": {
          "proto3_optional": true
         }
        }
       }
      },
      "Splitting": {
       "values": {
        "SPLITTING_UNSPECIFIED": 0,
        "SPLITTING_NONE": 1,
        "SPLITTING_DELIMITER": 2,
        "SPLITTING_SYNC_MARK": 3,
        "SPLITTING_NUMBERS": 4,
        "SPLITTING_PLAIN": 5
       }
      },
      "InputFormatSpec": {
       "oneofs": {
        "_numbers": {
         "oneof": [
          "numbers"
         ]
        }
       },
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "splitting": {
         "type": "Splitting",
         "id": 2
        },
        "numbers": {
         "type": "int64",
         "id": 3,
         "options": {
          "proto3_optional": true
         }
        }
       }
      },
      "StageSpec": {
       "oneofs": {
        "kind": {
         "oneof": [
          "map",
          "reduce",
          "sample"
         ]
        }
       },
       "fields": {
        "map": {
         "type": "MapStageSpec",
         "id": 1
        },
        "reduce": {
         "type": "ReduceStageSpec",
         "id": 2
        },
        "sample": {
         "type": "SampleStageSpec",
         "id": 3
        }
       }
      },
      "SampleStageSpec": {
       "fields": {
        "of": {
         "type": "uint32",
         "id": 1
        }
       }
      },
      "MapStageSpec": {
       "fields": {
        "inputs": {
         "rule": "repeated",
         "type": "uint32",
         "id": 1
        },
        "shuffle": {
         "type": "ShuffleSpec",
         "id": 2
        },
        "outputs": {
         "rule": "repeated",
         "type": "OutputSpec",
         "id": 3
        }
       }
      },
      "ReduceStageSpec": {
       "fields": {
        "reads": {
         "type": "uint32",
         "id": 1
        },
        "shuffle": {
         "type": "ShuffleSpec",
         "id": 2
        },
        "outputs": {
         "rule": "repeated",
         "type": "OutputSpec",
         "id": 3
        }
       }
      },
      "PairKind": {
       "values": {
        "PAIR_KIND_UNSPECIFIED": 0,
        "PAIR_KIND_STATE": 1,
        "PAIR_KIND_VALUE": 2
       }
      },
      "ShuffleSpec": {
       "oneofs": {
        "_ranges": {
         "oneof": [
          "ranges"
         ]
        }
       },
       "fields": {
        "partitions": {
         "type": "uint32",
         "id": 1
        },
        "pairs": {
         "type": "PairKind",
         "id": 2
        },
        "ordered": {
         "type": "bool",
         "id": 3
        },
        "ranges": {
         "type": "uint32",
         "id": 4,
         "options": {
          "proto3_optional": true
         }
        }
       }
      },
      "OutputTarget": {
       "fields": {
        "uri": {
         "type": "string",
         "id": 1
        },
        "overwrite": {
         "type": "bool",
         "id": 2
        }
       }
      },
      "JobOptions": {
       "fields": {
        "priority": {
         "type": "sint32",
         "id": 1
        },
        "splitBytes": {
         "type": "int64",
         "id": 2
        },
        "badRecordsMax": {
         "type": "double",
         "id": 3
        },
        "taskTimeoutMs": {
         "type": "int64",
         "id": 4
        },
        "attemptsMax": {
         "type": "uint32",
         "id": 5
        },
        "inputGrowth": {
         "type": "InputGrowth",
         "id": 6
        },
        "partFiles": {
         "type": "PartFileOptions",
         "id": 7
        }
       }
      },
      "SubmitRequest": {
       "oneofs": {
        "kind": {
         "oneof": [
          "header",
          "chunk"
         ]
        }
       },
       "fields": {
        "header": {
         "type": "SubmitHeader",
         "id": 1
        },
        "chunk": {
         "type": "bytes",
         "id": 2
        }
       }
      },
      "SubmitHeader": {
       "fields": {
        "spec": {
         "type": "JobSpec",
         "id": 1
        },
        "idempotencyKey": {
         "type": "string",
         "id": 2
        }
       }
      },
      "SubmitReply": {
       "fields": {
        "job": {
         "type": "string",
         "id": 1
        },
        "again": {
         "type": "bool",
         "id": 2
        }
       }
      },
      "GetRequest": {
       "fields": {
        "job": {
         "type": "string",
         "id": 1
        }
       }
      },
      "ListRequest": {
       "fields": {
        "offset": {
         "type": "uint32",
         "id": 1
        },
        "limit": {
         "type": "uint32",
         "id": 2
        }
       }
      },
      "ListReply": {
       "fields": {
        "jobs": {
         "rule": "repeated",
         "type": "JobSummary",
         "id": 1
        },
        "total": {
         "type": "uint32",
         "id": 2
        }
       }
      },
      "WatchRequest": {
       "fields": {
        "job": {
         "type": "string",
         "id": 1
        },
        "intervalMs": {
         "type": "int64",
         "id": 2
        }
       }
      },
      "KillRequest": {
       "fields": {
        "job": {
         "type": "string",
         "id": 1
        },
        "reason": {
         "type": "string",
         "id": 2
        }
       }
      },
      "KillReply": {
       "fields": {
        "job": {
         "type": "string",
         "id": 1
        }
       }
      },
      "CountersRequest": {
       "fields": {
        "job": {
         "type": "string",
         "id": 1
        }
       }
      },
      "CountersReply": {
       "fields": {
        "counters": {
         "rule": "repeated",
         "type": "NamedCount",
         "id": 1
        }
       }
      },
      "EventsRequest": {
       "fields": {
        "job": {
         "type": "string",
         "id": 1
        },
        "from": {
         "type": "int64",
         "id": 2
        },
        "follow": {
         "type": "bool",
         "id": 3
        }
       }
      },
      "Event": {
       "fields": {
        "index": {
         "type": "int64",
         "id": 1
        },
        "kind": {
         "type": "string",
         "id": 2
        },
        "record": {
         "type": "string",
         "id": 3
        }
       }
      },
      "TasksRequest": {
       "fields": {
        "job": {
         "type": "string",
         "id": 1
        },
        "state": {
         "type": "TaskState",
         "id": 2
        },
        "offset": {
         "type": "uint32",
         "id": 3
        },
        "limit": {
         "type": "uint32",
         "id": 4
        }
       }
      },
      "TasksReply": {
       "fields": {
        "tasks": {
         "rule": "repeated",
         "type": "Task",
         "id": 1
        },
        "total": {
         "type": "uint32",
         "id": 2
        }
       }
      },
      "LogsRequest": {
       "fields": {
        "job": {
         "type": "string",
         "id": 1
        },
        "attempt": {
         "type": "string",
         "id": 2
        }
       }
      },
      "LogChunk": {
       "fields": {
        "data": {
         "type": "bytes",
         "id": 1
        }
       }
      },
      "WorkersRequest": {
       "fields": {}
      },
      "WorkersReply": {
       "fields": {
        "workers": {
         "rule": "repeated",
         "type": "Worker",
         "id": 1
        }
       }
      },
      "JobState": {
       "values": {
        "JOB_STATE_UNSPECIFIED": 0,
        "JOB_STATE_RUNNING": 1,
        "JOB_STATE_COMMITTING": 2,
        "JOB_STATE_SUCCEEDED": 3,
        "JOB_STATE_FAILED": 4,
        "JOB_STATE_KILLED": 5
       }
      },
      "JobSummary": {
       "oneofs": {
        "_endedMs": {
         "oneof": [
          "endedMs"
         ]
        }
       },
       "fields": {
        "job": {
         "type": "string",
         "id": 1
        },
        "name": {
         "type": "string",
         "id": 2
        },
        "state": {
         "type": "JobState",
         "id": 3
        },
        "priority": {
         "type": "sint32",
         "id": 4
        },
        "submittedMs": {
         "type": "int64",
         "id": 5
        },
        "endedMs": {
         "type": "int64",
         "id": 6,
         "options": {
          "proto3_optional": true
         }
        },
        "outputUri": {
         "type": "string",
         "id": 7
        },
        "progress": {
         "type": "double",
         "id": 8
        },
        "tasks": {
         "type": "uint32",
         "id": 9
        },
        "tasksDone": {
         "type": "uint32",
         "id": 10
        },
        "attemptsRunning": {
         "type": "uint32",
         "id": 11
        },
        "attemptsFailed": {
         "type": "uint32",
         "id": 12
        },
        "attemptsLost": {
         "type": "uint32",
         "id": 13
        },
        "failure": {
         "type": "AttemptFailure",
         "id": 14
        }
       }
      },
      "Job": {
       "oneofs": {
        "_parts": {
         "oneof": [
          "parts"
         ]
        },
        "_outputBytes": {
         "oneof": [
          "outputBytes"
         ]
        },
        "_outputRecords": {
         "oneof": [
          "outputRecords"
         ]
        }
       },
       "fields": {
        "summary": {
         "type": "JobSummary",
         "id": 1
        },
        "inputFiles": {
         "type": "int64",
         "id": 2
        },
        "inputBytes": {
         "type": "int64",
         "id": 3
        },
        "skippedFiles": {
         "type": "int64",
         "id": 4
        },
        "planHash": {
         "type": "string",
         "id": 5
        },
        "stages": {
         "rule": "repeated",
         "type": "Stage",
         "id": 6
        },
        "counters": {
         "rule": "repeated",
         "type": "NamedCount",
         "id": 7
        },
        "badRecords": {
         "rule": "repeated",
         "type": "BadRecordSample",
         "id": 8
        },
        "waits": {
         "rule": "repeated",
         "type": "Wait",
         "id": 9
        },
        "parts": {
         "type": "int64",
         "id": 10,
         "options": {
          "proto3_optional": true
         }
        },
        "outputBytes": {
         "type": "int64",
         "id": 11,
         "options": {
          "proto3_optional": true
         }
        },
        "outputRecords": {
         "type": "int64",
         "id": 12,
         "options": {
          "proto3_optional": true
         }
        },
        "outputs": {
         "rule": "repeated",
         "type": "OutputTotal",
         "id": 13
        }
       }
      },
      "OutputTotal": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "parts": {
         "type": "int64",
         "id": 2
        },
        "bytes": {
         "type": "int64",
         "id": 3
        },
        "records": {
         "type": "int64",
         "id": 4
        }
       }
      },
      "Wait": {
       "fields": {
        "reason": {
         "type": "string",
         "id": 1
        },
        "text": {
         "type": "string",
         "id": 2
        },
        "deadlineInMs": {
         "type": "int64",
         "id": 3
        }
       }
      },
      "Stage": {
       "fields": {
        "stage": {
         "type": "uint32",
         "id": 1
        },
        "kind": {
         "type": "StageKind",
         "id": 2
        },
        "tasks": {
         "type": "uint32",
         "id": 3
        },
        "waiting": {
         "type": "uint32",
         "id": 4
        },
        "gathering": {
         "type": "uint32",
         "id": 5
        },
        "running": {
         "type": "uint32",
         "id": 6
        },
        "done": {
         "type": "uint32",
         "id": 7
        },
        "failed": {
         "type": "uint32",
         "id": 8
        },
        "progress": {
         "type": "double",
         "id": 9
        },
        "bytesIn": {
         "type": "int64",
         "id": 10
        },
        "recordsIn": {
         "type": "int64",
         "id": 11
        },
        "recordsOut": {
         "type": "int64",
         "id": 12
        }
       }
      },
      "TaskState": {
       "values": {
        "TASK_STATE_UNSPECIFIED": 0,
        "TASK_STATE_WAITING": 1,
        "TASK_STATE_GATHERING": 2,
        "TASK_STATE_RUNNING": 3,
        "TASK_STATE_DONE": 4,
        "TASK_STATE_FAILED": 5
       }
      },
      "Task": {
       "fields": {
        "stage": {
         "type": "uint32",
         "id": 1
        },
        "task": {
         "type": "uint32",
         "id": 2
        },
        "state": {
         "type": "TaskState",
         "id": 3
        },
        "attempts": {
         "rule": "repeated",
         "type": "Attempt",
         "id": 4
        },
        "wait": {
         "type": "Wait",
         "id": 5
        }
       }
      },
      "AttemptState": {
       "values": {
        "ATTEMPT_STATE_UNSPECIFIED": 0,
        "ATTEMPT_STATE_GATHERING": 1,
        "ATTEMPT_STATE_GATHERED": 2,
        "ATTEMPT_STATE_RUNNING": 3,
        "ATTEMPT_STATE_ACCEPTED": 4,
        "ATTEMPT_STATE_SUPPLIED": 5,
        "ATTEMPT_STATE_FAILED": 6,
        "ATTEMPT_STATE_LOST": 7,
        "ATTEMPT_STATE_KILLED": 8,
        "ATTEMPT_STATE_SUPERSEDED": 9
       }
      },
      "Attempt": {
       "oneofs": {
        "_endedMs": {
         "oneof": [
          "endedMs"
         ]
        },
        "_peakRssBytes": {
         "oneof": [
          "peakRssBytes"
         ]
        },
        "_cpuMs": {
         "oneof": [
          "cpuMs"
         ]
        }
       },
       "fields": {
        "attempt": {
         "type": "string",
         "id": 1
        },
        "state": {
         "type": "AttemptState",
         "id": 2
        },
        "worker": {
         "type": "string",
         "id": 3
        },
        "startedMs": {
         "type": "int64",
         "id": 4
        },
        "endedMs": {
         "type": "int64",
         "id": 5,
         "options": {
          "proto3_optional": true
         }
        },
        "progress": {
         "type": "double",
         "id": 6
        },
        "records": {
         "type": "int64",
         "id": 7
        },
        "bytes": {
         "type": "int64",
         "id": 8
        },
        "failure": {
         "type": "AttemptFailure",
         "id": 9
        },
        "files": {
         "rule": "repeated",
         "type": "OutputFile",
         "id": 10
        },
        "peakRssBytes": {
         "type": "int64",
         "id": 11,
         "options": {
          "proto3_optional": true
         }
        },
        "cpuMs": {
         "type": "int64",
         "id": 12,
         "options": {
          "proto3_optional": true
         }
        }
       }
      },
      "WorkerState": {
       "values": {
        "WORKER_STATE_UNSPECIFIED": 0,
        "WORKER_STATE_ALIVE": 1,
        "WORKER_STATE_SUSPECT": 2,
        "WORKER_STATE_LOST": 3
       }
      },
      "Worker": {
       "fields": {
        "worker": {
         "type": "string",
         "id": 1
        },
        "incarnation": {
         "type": "int64",
         "id": 2
        },
        "state": {
         "type": "WorkerState",
         "id": 3
        },
        "host": {
         "type": "string",
         "id": 4
        },
        "rack": {
         "type": "string",
         "id": 5
        },
        "slots": {
         "type": "uint32",
         "id": 6
        },
        "slotsUsed": {
         "type": "uint32",
         "id": 7
        },
        "gathering": {
         "type": "uint32",
         "id": 8
        },
        "shuffleAddress": {
         "type": "string",
         "id": 9
        },
        "freeDiskBytes": {
         "type": "int64",
         "id": 10
        },
        "silentMs": {
         "type": "int64",
         "id": 11
        },
        "leaseInMs": {
         "type": "int64",
         "id": 12
        }
       }
      },
      "AttemptRef": {
       "fields": {
        "job": {
         "type": "string",
         "id": 1
        },
        "stage": {
         "type": "uint32",
         "id": 2
        },
        "task": {
         "type": "uint32",
         "id": 3
        },
        "attempt": {
         "type": "uint32",
         "id": 4
        }
       }
      },
      "Codec": {
       "values": {
        "CODEC_UNSPECIFIED": 0,
        "CODEC_NONE": 1,
        "CODEC_GZIP": 2,
        "CODEC_ZSTD": 3,
        "CODEC_BZIP2": 4,
        "CODEC_ZLIB": 5,
        "CODEC_SNAPPY": 6,
        "CODEC_LZ4": 7,
        "CODEC_DETECT": 8
       }
      },
      "SideFile": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "sha256": {
         "type": "bytes",
         "id": 2
        },
        "bytes": {
         "type": "int64",
         "id": 3
        }
       }
      },
      "PartFileOptions": {
       "oneofs": {
        "_replication": {
         "oneof": [
          "replication"
         ]
        },
        "_blockBytes": {
         "oneof": [
          "blockBytes"
         ]
        },
        "_permission": {
         "oneof": [
          "permission"
         ]
        }
       },
       "fields": {
        "replication": {
         "type": "uint32",
         "id": 1,
         "options": {
          "proto3_optional": true
         }
        },
        "blockBytes": {
         "type": "int64",
         "id": 2,
         "options": {
          "proto3_optional": true
         }
        },
        "permission": {
         "type": "uint32",
         "id": 3,
         "options": {
          "proto3_optional": true
         }
        }
       }
      },
      "Split": {
       "fields": {
        "input": {
         "type": "uint32",
         "id": 1
        },
        "parts": {
         "rule": "repeated",
         "type": "SplitPart",
         "id": 2
        },
        "bytes": {
         "type": "int64",
         "id": 3
        },
        "hosts": {
         "rule": "repeated",
         "type": "string",
         "id": 4
        },
        "racks": {
         "rule": "repeated",
         "type": "string",
         "id": 5
        }
       }
      },
      "SplitPart": {
       "fields": {
        "shared": {
         "type": "uint32",
         "id": 1
        },
        "rest": {
         "type": "string",
         "id": 2
        },
        "offset": {
         "type": "int64",
         "id": 3
        },
        "bytes": {
         "type": "int64",
         "id": 4
        },
        "fileBytes": {
         "type": "int64",
         "id": 5
        },
        "modifiedMs": {
         "type": "int64",
         "id": 6
        },
        "codec": {
         "type": "Codec",
         "id": 7
        }
       }
      },
      "SegmentVector": {
       "fields": {
        "pairs": {
         "rule": "repeated",
         "type": "int64",
         "id": 1
        },
        "rawBytes": {
         "rule": "repeated",
         "type": "int64",
         "id": 2
        },
        "digests": {
         "type": "bytes",
         "id": 3
        }
       }
      },
      "RunSummary": {
       "fields": {
        "partitions": {
         "type": "uint32",
         "id": 1
        },
        "storedBytes": {
         "type": "int64",
         "id": 2
        },
        "pairs": {
         "type": "int64",
         "id": 3
        },
        "rawBytes": {
         "type": "int64",
         "id": 4
        },
        "vectorDigest": {
         "type": "bytes",
         "id": 5
        }
       }
      },
      "OwnedRange": {
       "fields": {
        "uri": {
         "type": "string",
         "id": 1
        },
        "begin": {
         "type": "int64",
         "id": 2
        },
        "end": {
         "type": "int64",
         "id": 3
        }
       }
      },
      "ConsumedSplits": {
       "fields": {
        "ranges": {
         "rule": "repeated",
         "type": "OwnedRange",
         "id": 1
        },
        "records": {
         "type": "int64",
         "id": 2
        },
        "badRecords": {
         "type": "int64",
         "id": 3
        },
        "bytes": {
         "type": "int64",
         "id": 4
        }
       }
      },
      "ConsumedSegments": {
       "fields": {
        "maps": {
         "type": "uint32",
         "id": 1
        },
        "pairs": {
         "type": "int64",
         "id": 2
        },
        "rawBytes": {
         "type": "int64",
         "id": 3
        },
        "digest": {
         "type": "bytes",
         "id": 4
        }
       }
      },
      "Consumed": {
       "oneofs": {
        "kind": {
         "oneof": [
          "splits",
          "segments"
         ]
        }
       },
       "fields": {
        "splits": {
         "type": "ConsumedSplits",
         "id": 1
        },
        "segments": {
         "type": "ConsumedSegments",
         "id": 2
        }
       }
      },
      "OutputFile": {
       "oneofs": {
        "_firstKey": {
         "oneof": [
          "firstKey"
         ]
        },
        "_lastKey": {
         "oneof": [
          "lastKey"
         ]
        }
       },
       "fields": {
        "output": {
         "type": "string",
         "id": 1
        },
        "path": {
         "type": "string",
         "id": 2
        },
        "bytes": {
         "type": "int64",
         "id": 3
        },
        "records": {
         "type": "int64",
         "id": 4
        },
        "crc32": {
         "type": "uint32",
         "id": 5
        },
        "firstKey": {
         "type": "string",
         "id": 6,
         "options": {
          "proto3_optional": true
         }
        },
        "lastKey": {
         "type": "string",
         "id": 7,
         "options": {
          "proto3_optional": true
         }
        }
       }
      },
      "BadRecordSample": {
       "fields": {
        "uri": {
         "type": "string",
         "id": 1
        },
        "offset": {
         "type": "int64",
         "id": 2
        },
        "reason": {
         "type": "string",
         "id": 3
        },
        "text": {
         "type": "string",
         "id": 4
        }
       }
      },
      "NamedCount": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "value": {
         "type": "int64",
         "id": 2
        }
       }
      },
      "NamedText": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "value": {
         "type": "string",
         "id": 2
        }
       }
      },
      "AttemptUsage": {
       "fields": {
        "durationMs": {
         "type": "int64",
         "id": 1
        },
        "cpuMs": {
         "type": "int64",
         "id": 2
        },
        "peakRssBytes": {
         "type": "int64",
         "id": 3
        }
       }
      },
      "AttemptResult": {
       "fields": {
        "attempt": {
         "type": "AttemptRef",
         "id": 1
        },
        "consumed": {
         "type": "Consumed",
         "id": 2
        },
        "run": {
         "type": "RunSummary",
         "id": 3
        },
        "files": {
         "rule": "repeated",
         "type": "OutputFile",
         "id": 4
        },
        "counters": {
         "rule": "repeated",
         "type": "NamedCount",
         "id": 5
        },
        "badRecords": {
         "rule": "repeated",
         "type": "BadRecordSample",
         "id": 6
        },
        "usage": {
         "type": "AttemptUsage",
         "id": 7
        },
        "sample": {
         "rule": "repeated",
         "type": "bytes",
         "id": 8
        }
       }
      },
      "FailedRecord": {
       "fields": {
        "uri": {
         "type": "string",
         "id": 1
        },
        "offset": {
         "type": "int64",
         "id": 2
        },
        "text": {
         "type": "string",
         "id": 3
        }
       }
      },
      "AttemptFailure": {
       "fields": {
        "code": {
         "type": "string",
         "id": 1
        },
        "message": {
         "type": "string",
         "id": 2
        },
        "record": {
         "type": "FailedRecord",
         "id": 3
        }
       }
      },
      "AttemptPhase": {
       "values": {
        "ATTEMPT_PHASE_UNSPECIFIED": 0,
        "ATTEMPT_PHASE_GATHER": 1,
        "ATTEMPT_PHASE_MAP": 2,
        "ATTEMPT_PHASE_REDUCE": 3,
        "ATTEMPT_PHASE_WRITE": 4
       }
      },
      "AttemptProgress": {
       "fields": {
        "attempt": {
         "type": "AttemptRef",
         "id": 1
        },
        "phase": {
         "type": "AttemptPhase",
         "id": 2
        },
        "fraction": {
         "type": "double",
         "id": 3
        },
        "records": {
         "type": "int64",
         "id": 4
        },
        "bytes": {
         "type": "int64",
         "id": 5
        }
       }
      },
      "OutputSpec": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "extension": {
         "type": "string",
         "id": 2
        }
       }
      },
      "StageKind": {
       "values": {
        "STAGE_KIND_UNSPECIFIED": 0,
        "STAGE_KIND_MAP": 1,
        "STAGE_KIND_REDUCE": 2,
        "STAGE_KIND_SAMPLE": 3
       }
      },
      "InputGrowth": {
       "values": {
        "INPUT_GROWTH_UNSPECIFIED": 0,
        "INPUT_GROWTH_REFUSE": 1,
        "INPUT_GROWTH_PREFIX": 2
       }
      },
      "WorkerService": {
       "methods": {
        "Session": {
         "requestType": "WorkerMessage",
         "requestStream": true,
         "responseType": "CoordinatorMessage",
         "responseStream": true
        },
        "FetchBundle": {
         "requestType": "FetchBundleRequest",
         "responseType": "BundleChunk",
         "responseStream": true
        }
       }
      },
      "FetchBundleRequest": {
       "fields": {
        "job": {
         "type": "string",
         "id": 1
        },
        "sha256": {
         "type": "bytes",
         "id": 2
        }
       }
      },
      "BundleChunk": {
       "fields": {
        "data": {
         "type": "bytes",
         "id": 1
        }
       }
      },
      "WorkerMessage": {
       "oneofs": {
        "kind": {
         "oneof": [
          "register",
          "inventoryPage",
          "heartbeat",
          "finished",
          "failed",
          "gathered",
          "complaint",
          "verified"
         ]
        }
       },
       "fields": {
        "register": {
         "type": "Register",
         "id": 1
        },
        "inventoryPage": {
         "type": "InventoryPage",
         "id": 2
        },
        "heartbeat": {
         "type": "Heartbeat",
         "id": 3
        },
        "finished": {
         "type": "Finished",
         "id": 4
        },
        "failed": {
         "type": "Failed",
         "id": 5
        },
        "gathered": {
         "type": "Gathered",
         "id": 6
        },
        "complaint": {
         "type": "Complaint",
         "id": 7
        },
        "verified": {
         "type": "Verified",
         "id": 8
        }
       }
      },
      "WorkerDescription": {
       "fields": {
        "worker": {
         "type": "string",
         "id": 1
        },
        "incarnation": {
         "type": "int64",
         "id": 2
        },
        "host": {
         "type": "string",
         "id": 3
        },
        "rack": {
         "type": "string",
         "id": 4
        },
        "slots": {
         "type": "uint32",
         "id": 5
        },
        "shuffleAddress": {
         "type": "string",
         "id": 6
        },
        "freeDiskBytes": {
         "type": "int64",
         "id": 7
        },
        "dataVersions": {
         "rule": "repeated",
         "type": "uint32",
         "id": 8
        },
        "nodeMajor": {
         "type": "uint32",
         "id": 9
        },
        "protocols": {
         "rule": "repeated",
         "type": "uint32",
         "id": 10
        }
       }
      },
      "Register": {
       "fields": {
        "description": {
         "type": "WorkerDescription",
         "id": 1
        }
       }
      },
      "InventoryPage": {
       "fields": {
        "running": {
         "rule": "repeated",
         "type": "AttemptRef",
         "id": 1
        },
        "gathering": {
         "rule": "repeated",
         "type": "AttemptRef",
         "id": 2
        },
        "unacknowledged": {
         "rule": "repeated",
         "type": "AttemptRef",
         "id": 3
        },
        "held": {
         "rule": "repeated",
         "type": "HeldSegments",
         "id": 4
        },
        "last": {
         "type": "bool",
         "id": 5
        }
       }
      },
      "HeldSegments": {
       "fields": {
        "attempt": {
         "type": "AttemptRef",
         "id": 1
        },
        "vectorDigest": {
         "type": "bytes",
         "id": 2
        }
       }
      },
      "Heartbeat": {
       "fields": {
        "progress": {
         "rule": "repeated",
         "type": "AttemptProgress",
         "id": 1
        },
        "freeDiskBytes": {
         "type": "int64",
         "id": 2
        }
       }
      },
      "Finished": {
       "fields": {
        "result": {
         "type": "AttemptResult",
         "id": 1
        },
        "vector": {
         "type": "SegmentVector",
         "id": 2
        }
       }
      },
      "Failed": {
       "fields": {
        "attempt": {
         "type": "AttemptRef",
         "id": 1
        },
        "failure": {
         "type": "AttemptFailure",
         "id": 2
        }
       }
      },
      "Gathered": {
       "fields": {
        "attempt": {
         "type": "AttemptRef",
         "id": 1
        },
        "bytes": {
         "type": "int64",
         "id": 2
        }
       }
      },
      "ComplaintReason": {
       "values": {
        "COMPLAINT_REASON_UNSPECIFIED": 0,
        "COMPLAINT_REASON_MISSING": 1,
        "COMPLAINT_REASON_CUT": 2,
        "COMPLAINT_REASON_CORRUPT": 3,
        "COMPLAINT_REASON_UNREACHABLE": 4
       }
      },
      "Complaint": {
       "fields": {
        "reader": {
         "type": "AttemptRef",
         "id": 1
        },
        "source": {
         "type": "AttemptRef",
         "id": 2
        },
        "sourceWorker": {
         "type": "string",
         "id": 3
        },
        "reason": {
         "type": "ComplaintReason",
         "id": 4
        }
       }
      },
      "Verified": {
       "fields": {
        "source": {
         "type": "AttemptRef",
         "id": 1
        },
        "intact": {
         "type": "bool",
         "id": 2
        }
       }
      },
      "CoordinatorMessage": {
       "oneofs": {
        "kind": {
         "oneof": [
          "registered",
          "verdictPage",
          "refused",
          "brief",
          "launchMap",
          "splitPage",
          "gather",
          "places",
          "placesLost",
          "launchReduce",
          "kill",
          "acknowledge",
          "verify",
          "release",
          "forgetJob",
          "launchSample",
          "ranges"
         ]
        }
       },
       "fields": {
        "registered": {
         "type": "Registered",
         "id": 1
        },
        "verdictPage": {
         "type": "VerdictPage",
         "id": 2
        },
        "refused": {
         "type": "Refused",
         "id": 3
        },
        "brief": {
         "type": "Brief",
         "id": 4
        },
        "launchMap": {
         "type": "LaunchMap",
         "id": 5
        },
        "splitPage": {
         "type": "SplitPage",
         "id": 6
        },
        "gather": {
         "type": "Gather",
         "id": 7
        },
        "places": {
         "type": "Places",
         "id": 8
        },
        "placesLost": {
         "type": "PlacesLost",
         "id": 9
        },
        "launchReduce": {
         "type": "LaunchReduce",
         "id": 10
        },
        "kill": {
         "type": "Kill",
         "id": 11
        },
        "acknowledge": {
         "type": "Acknowledge",
         "id": 12
        },
        "verify": {
         "type": "Verify",
         "id": 13
        },
        "release": {
         "type": "Release",
         "id": 14
        },
        "forgetJob": {
         "type": "ForgetJob",
         "id": 15
        },
        "launchSample": {
         "type": "LaunchSample",
         "id": 16
        },
        "ranges": {
         "type": "Ranges",
         "id": 17
        }
       }
      },
      "Verdict": {
       "values": {
        "VERDICT_UNSPECIFIED": 0,
        "VERDICT_KEEP": 1,
        "VERDICT_KILL": 2,
        "VERDICT_DELETE": 3
       }
      },
      "Registered": {
       "fields": {
        "epoch": {
         "type": "int64",
         "id": 1
        },
        "leaseMs": {
         "type": "int64",
         "id": 2
        },
        "heartbeatMs": {
         "type": "int64",
         "id": 3
        }
       }
      },
      "VerdictPage": {
       "fields": {
        "running": {
         "rule": "repeated",
         "type": "Verdict",
         "id": 1
        },
        "gathering": {
         "rule": "repeated",
         "type": "Verdict",
         "id": 2
        },
        "held": {
         "rule": "repeated",
         "type": "Verdict",
         "id": 3
        },
        "last": {
         "type": "bool",
         "id": 4
        }
       }
      },
      "Refused": {
       "fields": {
        "code": {
         "type": "string",
         "id": 1
        },
        "message": {
         "type": "string",
         "id": 2
        }
       }
      },
      "Brief": {
       "fields": {
        "brief": {
         "type": "JobBrief",
         "id": 1
        }
       }
      },
      "JobBrief": {
       "fields": {
        "job": {
         "type": "string",
         "id": 1
        },
        "name": {
         "type": "string",
         "id": 2
        },
        "bundleSha256": {
         "type": "bytes",
         "id": 3
        },
        "params": {
         "rule": "repeated",
         "type": "NamedText",
         "id": 4
        },
        "shuffleKey": {
         "type": "bytes",
         "id": 5
        },
        "taskTimeoutMs": {
         "type": "int64",
         "id": 6
        },
        "inputGrowth": {
         "type": "InputGrowth",
         "id": 7
        },
        "seed": {
         "type": "string",
         "id": 8
        },
        "stages": {
         "rule": "repeated",
         "type": "StageBrief",
         "id": 9
        },
        "stagingUri": {
         "type": "string",
         "id": 10
        },
        "files": {
         "rule": "repeated",
         "type": "SideFile",
         "id": 11
        },
        "partFiles": {
         "type": "PartFileOptions",
         "id": 12
        },
        "storageTokens": {
         "rule": "repeated",
         "type": "NamedText",
         "id": 13
        }
       }
      },
      "StageBrief": {
       "fields": {
        "kind": {
         "type": "StageKind",
         "id": 1
        },
        "tasks": {
         "type": "uint32",
         "id": 2
        },
        "partitions": {
         "type": "uint32",
         "id": 3
        },
        "readsPlusOne": {
         "type": "uint32",
         "id": 4
        },
        "outputs": {
         "rule": "repeated",
         "type": "OutputSpec",
         "id": 5
        }
       }
      },
      "LaunchMap": {
       "fields": {
        "attempt": {
         "type": "AttemptRef",
         "id": 1
        },
        "split": {
         "type": "Split",
         "id": 2
        },
        "more": {
         "type": "bool",
         "id": 3
        }
       }
      },
      "LaunchSample": {
       "fields": {
        "attempt": {
         "type": "AttemptRef",
         "id": 1
        },
        "split": {
         "type": "Split",
         "id": 2
        },
        "more": {
         "type": "bool",
         "id": 3
        },
        "keysMax": {
         "type": "uint32",
         "id": 4
        }
       }
      },
      "Ranges": {
       "fields": {
        "job": {
         "type": "string",
         "id": 1
        },
        "stage": {
         "type": "uint32",
         "id": 2
        },
        "cuts": {
         "rule": "repeated",
         "type": "bytes",
         "id": 3
        }
       }
      },
      "SplitPage": {
       "fields": {
        "parts": {
         "rule": "repeated",
         "type": "SplitPart",
         "id": 1
        },
        "last": {
         "type": "bool",
         "id": 2
        }
       }
      },
      "Gather": {
       "fields": {
        "attempt": {
         "type": "AttemptRef",
         "id": 1
        },
        "maps": {
         "type": "uint32",
         "id": 2
        }
       }
      },
      "SegmentPlace": {
       "fields": {
        "task": {
         "type": "uint32",
         "id": 1
        },
        "attempt": {
         "type": "uint32",
         "id": 2
        },
        "worker": {
         "type": "string",
         "id": 3
        },
        "address": {
         "type": "string",
         "id": 4
        },
        "pairs": {
         "type": "int64",
         "id": 5
        },
        "rawBytes": {
         "type": "int64",
         "id": 6
        },
        "digest": {
         "type": "bytes",
         "id": 7
        }
       }
      },
      "Places": {
       "fields": {
        "attempt": {
         "type": "AttemptRef",
         "id": 1
        },
        "places": {
         "rule": "repeated",
         "type": "SegmentPlace",
         "id": 2
        }
       }
      },
      "PlacesLost": {
       "fields": {
        "attempt": {
         "type": "AttemptRef",
         "id": 1
        },
        "tasks": {
         "rule": "repeated",
         "type": "uint32",
         "id": 2
        }
       }
      },
      "LaunchReduce": {
       "fields": {
        "attempt": {
         "type": "AttemptRef",
         "id": 1
        }
       }
      },
      "Kill": {
       "fields": {
        "attempt": {
         "type": "AttemptRef",
         "id": 1
        },
        "reason": {
         "type": "string",
         "id": 2
        }
       }
      },
      "Acknowledge": {
       "fields": {
        "attempt": {
         "type": "AttemptRef",
         "id": 1
        }
       }
      },
      "Verify": {
       "fields": {
        "source": {
         "type": "AttemptRef",
         "id": 1
        }
       }
      },
      "Release": {
       "fields": {
        "attempt": {
         "type": "AttemptRef",
         "id": 1
        }
       }
      },
      "ForgetJob": {
       "fields": {
        "job": {
         "type": "string",
         "id": 1
        }
       }
      }
     }
    }
   }
  }
 }
};
