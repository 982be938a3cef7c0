/** What has happened, and what an operator can do about it. */
export type Advice = readonly [meaning: string, action: string]

/** The advice for every failure of an endpoint. A code without advice does not compile. */
export type Runbook<Code extends string> = Readonly<Record<Code, Advice>>
