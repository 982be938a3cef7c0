/** What the cross-check uses of a package without types. */
declare module 'cose-js' {
  interface Key {
    readonly key: Buffer | Readonly<Record<string, Buffer>>
  }
  interface Headers {
    readonly p: Readonly<Record<string, string>>
    readonly u: Readonly<Record<string, string>>
  }
  interface Structure<ReadingKey> {
    create(headers: Headers, payload: Buffer, key: Key): Promise<Buffer>
    read(message: Buffer, key: ReadingKey): Promise<Buffer>
    verify(message: Buffer, key: ReadingKey): Promise<Buffer>
  }
  const cose: {
    readonly sign: Structure<Key>
    readonly mac: Structure<Buffer>
    readonly encrypt: Structure<Buffer>
  }
  export default cose
}
