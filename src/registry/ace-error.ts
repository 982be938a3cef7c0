/**
 * The key of the error code in the `ace-error` entry of concise problem details (draft-ietf-ace-workflow-and-params). The key
 * of the entry itself is not assigned yet.
 */
export const aceErrorCodeKey = 0
