import { describe } from 'vitest'
import { plainKernel } from '../../src/kernel/plain-kernel.ts'
import { kernelContract, searchContract } from './kernel.contract.ts'

describe('the plain kernel', () => {
  kernelContract(() => plainKernel)
  searchContract(() => plainKernel)
})
