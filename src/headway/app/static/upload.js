// Sends a file in pieces; what broke off is taken up where it ended.

const PIECE = 4 * 1024 * 1024;
const TRIES = 40;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export class Refused extends Error {
  constructor(status) {
    super(String(status));
    this.status = status;
  }
}

async function call(method, path, body) {
  const answer = await fetch(path, { method, body });
  if (!answer.ok) throw new Refused(answer.status);
  return answer.json();
}

/** Send one file; tells told(received, size) and returns the number of the upload. A broken network is waited for. */
export async function send(file, told, signal = null) {
  const said = JSON.stringify({ name: file.name, size: file.size, changed: file.lastModified || null });
  let at = null, failed = 0;
  while (at === null || at.received < file.size) {
    if (signal?.aborted) throw new DOMException("stopped", "AbortError");
    try {
      at = at === null
        ? await call("POST", "/uploads", said)
        : await call("PATCH", `/uploads/${at.id}?offset=${at.received}`, file.slice(at.received, at.received + PIECE));
      failed = 0;
      told(at.received, file.size);
    } catch (fault) {
      if (fault instanceof Refused && fault.status !== 409 && fault.status < 500) throw fault;
      if (fault instanceof Refused && fault.status === 507) throw fault;
      if (++failed > TRIES) throw fault;
      at = null; // ask again how much is there
      await wait(Math.min(500 * failed, 5000));
    }
  }
  return at.id;
}
