import { describe } from 'vitest'
import { plainKernel } from '../../src/kernel/plain-kernel.ts'
import { kernelContract } from './kernel.contract.ts'
import { searchContract } from './search.contract.ts'

describe('the plain kernel', () => {
  kernelContract(() => plainKernel)
  searchContract(() => plainKernel)
})
