import { randomBytes } from 'node:crypto'
import { ACTOR_KINDS, type Actor, MAX_NAME } from '../contract/actor.ts'
import { CommandError } from '../contract/command-error.ts'
import { sha256 } from '../ledger/merkle.ts'
import type { Estate } from '../store/estate.ts'

const SALT_BYTES = 32

const ACTORS = "'Bank plc', 'team:Credit', 'system:gateway', 'person:Jane Doe'"

/**
 * An actor as a command names one: `person:Jane Doe`, `team:…`, `system:…`; an organisation without a word before it. Of a
 * person the estate keeps name and salt beside the log, and the log a commitment.
 */
export async function actorNamed(estate: Estate, text: string): Promise<Actor> {
  const [, kind = 'organisation', name = ''] = /^(?:(organisation|team|system|person):)?\s*(.*)$/su.exec(text) ?? []
  const trimmed = name.trim()
  if (trimmed === '' || trimmed.length > MAX_NAME || !isKind(kind))
    throw new CommandError({ code: 'bad-option', option: 'ACTOR', value: text, takes: ACTORS })
  if (kind !== 'person') return { kind, name: trimmed }
  // one who is known by the commitment alone, from a file that someone gave
  if (/^[0-9a-f]{64}$/.test(trimmed)) return { kind, commitment: trimmed }
  return { kind, commitment: await estate.commitmentFor(trimmed, () => commitmentTo(trimmed)) }
}

function isKind(kind: string): kind is (typeof ACTOR_KINDS)[number] {
  return (ACTOR_KINDS as readonly string[]).includes(kind)
}

function commitmentTo(name: string): { salt: string; commitment: string } {
  const salt = randomBytes(SALT_BYTES)
  const commitment = Buffer.from(sha256(Buffer.concat([salt, Buffer.from(name)]))).toString('hex')
  return { salt: salt.toString('hex'), commitment }
}
