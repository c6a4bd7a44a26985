import type { CommandContext } from './context.ts'
export async function compareCommand(
  _parent: string | undefined,
  _child: string | undefined,
  _flags: unknown,
  _context: CommandContext,
): Promise<void> {}
