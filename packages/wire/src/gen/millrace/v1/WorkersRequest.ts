// Original file: millrace/v1/jobs.proto


export interface WorkersRequest {
}

export interface WorkersRequest__Output {
}
