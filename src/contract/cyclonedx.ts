import { z } from 'zod'

/** As far as a CycloneDX bill of materials of any version with models (1.5 on) is read: what it declares of one. */
const licence = z.looseObject({
  license: z.looseObject({ id: z.string().optional(), name: z.string().optional() }).optional(),
  expression: z.string().optional(),
})

const component = z.looseObject({
  type: z.string(),
  name: z.string().min(1).max(512),
  group: z.string().optional(),
  version: z.string().optional(),
  licenses: z.array(licence).max(100).optional(),
  pedigree: z
    .looseObject({
      ancestors: z
        .array(z.looseObject({ name: z.string(), group: z.string().optional() }))
        .max(1_000)
        .optional(),
    })
    .optional(),
})

export const cyclonedx = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string(),
  metadata: z.looseObject({ component: component.optional() }).optional(),
  components: z.array(component).max(100_000).optional(),
})

export type CyclonedxComponent = z.infer<typeof component>
