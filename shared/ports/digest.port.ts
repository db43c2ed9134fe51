/** SHA-256. Text is hashed as UTF-8. */
export interface Digest {
  sha256Hex(data: string | Uint8Array): Promise<string>;
}

/** Makes each guess at a short secret dear. */
export interface Stretch {
  /** PBKDF2-SHA-256, 32 bytes, hex. @param salt hex. */
  stretchHex(secret: string, salt: string, iterations: number): Promise<string>;
}

/** The device's Ed25519 key. The private part never leaves its store. */
export interface DeviceKey {
  /** Raw 32-byte public key, base64url. */
  publicKey(): Promise<string>;
  /** Signature over the UTF-8 of `text`, base64url. */
  sign(text: string): Promise<string>;
}

/** Checks signatures made by a `DeviceKey`. */
export interface SignatureCheck {
  verify(publicKey: string, text: string, signature: string): Promise<boolean>;
}
