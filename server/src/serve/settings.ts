import { z } from 'zod'
import { configurationSchema } from './configuration-schema.ts'

/** One setting of the configuration, or a section of settings. */
export interface Setting {
  /** For example `listen.http.port`. */
  readonly path: string
  readonly description: string
  /** What may stand there, in words; undefined for a section. */
  readonly type: string | undefined
  /** What stands there where it is absent; undefined where nothing does. */
  readonly default: unknown
  /** What might stand there where there is no default. */
  readonly example: unknown
  readonly isRequired: boolean
  /** Whether `false` turns the section off. */
  readonly canBeOff: boolean
  /** Whether a section does nothing where it is absent. */
  readonly isOptional: boolean
}

type JsonSchema = z.core.JSONSchema.JSONSchema

/** All settings, in the order of the schema: each section before what is in it. */
export function allSettings(): Setting[] {
  return settingsIn(z.toJSONSchema(configurationSchema, { io: 'input' }) as JsonSchema, '')
}

function settingsIn({ properties = {}, required = [] }: JsonSchema, prefix: string): Setting[] {
  return Object.entries(properties as Readonly<Record<string, JsonSchema>>).flatMap(([name, schema]) => {
    const path = prefix + name
    const branches = (schema.anyOf ?? [schema]) as readonly JsonSchema[]
    const section = branches.find(({ type }) => type === 'object')
    const setting: Setting = {
      path,
      description: String(schema.description),
      type: section ? undefined : typeOf(schema),
      default: section ? undefined : schema.default,
      example: schema.examples?.[0],
      isRequired: required.includes(name),
      canBeOff: section !== undefined && branches.length > 1,
      isOptional: section !== undefined && schema.default === undefined,
    }
    return [setting, ...(section ? settingsIn(section, `${path}.`) : [])]
  })
}

/** The largest bounds that say something: others are those of the type. */
const telling = 2 ** 31

function typeOf({ type, enum: values, minimum, maximum, items, format }: JsonSchema): string {
  if (values) return values.map((value) => `\`${String(value)}\``).join(', ')
  if (type === 'boolean') return '`true` or `false`'
  if (type === 'array') return `a list of ${(items as JsonSchema).type === 'string' ? 'texts' : 'values'}`
  if (type !== 'integer' && type !== 'number') return format === 'uri' ? 'a URL' : 'text'
  const kind = type === 'integer' ? 'a whole number' : 'a number'
  return maximum !== undefined && maximum < telling
    ? `${kind} from ${minimum} to ${maximum}`
    : `${kind} from ${minimum} on`
}
