/** What a tar header of its own says about the file after it. */
export interface Extension {
  path?: string
  size?: number
  /** The file is kept without its holes, in one of GNU's ways. */
  sparse?: boolean
}

/** The records `<length> <key>=<value>\n` of a pax header; null where there is anything else. */
export function paxFields(bytes: Uint8Array): Extension | null {
  const fields: Extension = {}
  for (let at = 0; at < bytes.length; ) {
    if (bytes.subarray(at).every((byte) => byte === 0)) return fields
    const record = recordAt(bytes, at)
    if (record === null) return null
    const { key, value } = record
    at = record.end
    if (key === 'path') fields.path = value
    else if (key.startsWith('GNU.sparse.')) fields.sparse = true
    else if (key === 'size') {
      if (!/^\d{1,16}$/.test(value)) return null
      fields.size = Number(value)
    }
  }
  return fields
}

const decoder = new TextDecoder('utf-8')

function recordAt(bytes: Uint8Array, at: number): { key: string; value: string; end: number } | null {
  const digits = /^(\d{1,8}) /.exec(String.fromCharCode(...bytes.subarray(at, at + 9)))
  if (digits === null) return null
  const end = at + Number(digits[1])
  const start = at + digits[0].length
  const equals = bytes.indexOf(0x3d, start)
  if (end > bytes.length || equals < 0 || equals >= end || bytes[end - 1] !== 0x0a) return null
  return {
    key: decoder.decode(bytes.subarray(start, equals)),
    value: decoder.decode(bytes.subarray(equals + 1, end - 1)),
    end,
  }
}
