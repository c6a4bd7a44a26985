import { z } from 'zod'

/** POST notices: holders of a model, or of what was made from it, who were told of its incidents (`yukue recall --notified`). */
export const noticeRequest = z
  .strictObject({
    /** The model recalled: an id, a name, or the beginning of a digest. */
    model: z.string().min(1).max(512),
    /** Only this incident, by its number in the log; all of the model's unless given. */
    incident: z.number().int().min(0).optional(),
    /** Who was told, as actors are named. */
    holders: z.array(z.string().min(1).max(600)).min(1).max(256),
    /** A day or a time; today unless given. */
    at: z.string().max(32).optional(),
    note: z.string().max(8_192).optional(),
    language: z.enum(['en', 'ja']).default('en'),
  })
  .meta({ id: 'NoticeRequest' })
