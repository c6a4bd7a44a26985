import { CommandError } from '../contract/command-error.ts'
import { type Estate, openEstate } from '../store/estate.ts'
import { EstateError } from '../store/estate-error.ts'

/** Opens the estate for one piece of work and closes it whatever comes. Throws `CommandError` when it cannot be used. */
export async function withEstate<T>(folder: string, work: (estate: Estate) => Promise<T>): Promise<T> {
  try {
    const estate = await openEstate(folder)
    try {
      return await work(estate)
    } finally {
      await estate.close()
    }
  } catch (error) {
    if (!(error instanceof EstateError)) throw error
    throw new CommandError({ code: error.code, path: error.path, message: error.message })
  }
}
