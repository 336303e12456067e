/** An `XMLHttpRequest` for tests: it is half sent at once, and then answered by the `fetch` of the test. */
export class TestXhr {
  readonly upload: { onprogress?: (event: object) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  responseText = '';
  #type: string | null = null;
  #method = 'GET';
  #url = '';

  open(method: string, url: string): void {
    this.#method = method;
    this.#url = url;
  }

  setRequestHeader(): void {}

  getResponseHeader(): string | null {
    return this.#type;
  }

  abort(): void {
    this.onabort?.();
  }

  send(body: BodyInit): void {
    this.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 2 });
    void fetch(this.#url, { method: this.#method, body }).then(
      async (response) => {
        this.status = response.status;
        this.#type = response.headers.get('content-type');
        this.responseText = await response.text();
        this.onload?.();
      },
      () => this.onerror?.(),
    );
  }
}
