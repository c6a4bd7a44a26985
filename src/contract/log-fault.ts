/**
 * Why a decision log cannot be used as asked. `row`: the row of data, from 1, the heading not counted; 0 when the source knows none.
 * Closed: a new reason gets a text in every catalogue (src/report/log-fault-text.ts).
 */
export type LogFault =
  | { code: 'no-such-column'; path: string; column: string; columns: string }
  | { code: 'duplicate-column'; path: string; column: string }
  | { code: 'empty-log'; path: string }
  | { code: 'unknown-log-format'; path: string }
  | { code: 'malformed-log'; path: string; row: number; reason: string }
  | { code: 'not-utf8'; path: string; row: number; column: string; offset: number }
  | {
      code: 'bad-value'
      path: string
      row: number
      column: string
      value: string
      expected: ExpectedValue
      format?: string
    }
  | { code: 'favourable-absent'; path: string; column: string; value: string; values: string }
  | { code: 'favourable-ambiguous'; path: string; row: number; column: string; value: string; other: string }
  | { code: 'too-many-cells'; path: string; limit: number }
  | { code: 'option-needed'; option: string; because: string }
  | { code: 'option-not-usable'; option: string; value: string; expected: string }
  | { code: 'option-twice'; option: string; first: string; second: string }
  | { code: 'duplicate-key'; path: string; row: number; column: string; value: string }
  | { code: 'nothing-in-common'; first: string; second: string }
  | { code: 'engine-missing'; name: string; reason: string }
  | { code: 'model-not-runnable'; path: string; reason: string }
  | { code: 'endpoint-failed'; url: string; item: string; reason: string }

/** What a column has to hold. */
export type ExpectedValue = 'date' | 'number' | 'weight' | 'probability' | 'period'
