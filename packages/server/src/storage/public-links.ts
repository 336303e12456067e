/** Addresses outside Limner from which a browser may load a file itself. */
export interface LinkedFile {
  key: string;
  mediaType: string;
  /** Changes whenever the bytes do. */
  tag: string;
  cacheControl: string;
  /** The name under which the browser saves it; absent: it shows it. */
  saveAs?: string;
}

export interface PublicLinks {
  /** For the content security policy, such as `https://cdn.example`. */
  readonly origin: string;
  /** null: Limner sends this file itself. `validS`: as long the address may be remembered, in seconds. */
  of(file: LinkedFile): Promise<{ url: string; validS: number } | null>;
}
