import { gzipSync } from 'node:zlib'

/** A member of a tar archive; `says`: what its header claims in place of the truth. */
export interface TarPart {
  name: string
  bytes?: Uint8Array | string
  /** `0` for a file, `2` for a link, `x` for a pax header … */
  type?: string
  link?: string
  says?: { size?: string; checksum?: string; prefix?: string; magic?: string }
}

/** A tar archive as POSIX has it, with two empty blocks behind it. */
export function tar(parts: readonly TarPart[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([...parts.flatMap(tarPart), Buffer.alloc(1_024)]))
}

export function tgz(parts: readonly TarPart[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(tar(parts)))
}

/** The header that gives the next member its `path`, `size` and the like. */
export function pax(fields: Readonly<Record<string, string>>, type = 'x'): TarPart {
  return { name: 'pax', type, bytes: Object.entries(fields).map(paxRecord).join('') }
}

/** GNU's header that gives the next member its name. */
export function longName(name: string): TarPart {
  return { name: '././@LongLink', type: 'L', bytes: `${name}\0` }
}

/** `<length> <key>=<value>\n`, where the length counts itself. */
function paxRecord([key, value]: [string, string]): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`)
  let length = rest + 1
  while (String(length).length + rest !== length) length = String(length).length + rest
  return `${length} ${key}=${value}\n`
}

function tarPart({ name, bytes = '', type = '0', link = '', says = {} }: TarPart): Uint8Array[] {
  const content = Buffer.from(bytes)
  const header = Buffer.alloc(512)
  header.write(name, 0, 100)
  header.write('0000644\0', 100)
  header.write(says.size ?? `${content.length.toString(8).padStart(11, '0')}\0`, 124, 12, 'latin1')
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write(type, 156)
  header.write(link, 157, 100)
  header.write(says.magic ?? 'ustar\x0000', 257, 8, 'latin1')
  header.write(says.prefix ?? '', 345, 155)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(says.checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]
}
