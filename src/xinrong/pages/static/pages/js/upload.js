// Sends a file in pieces. The server says where to go on, so a piece is never sent in vain twice.
const form = document.querySelector("form[data-upload]");
const LARGEST_HASHED = 256 * 1024 * 1024; // read into memory at once; the server hashes any size
const FIRST_PIECE = 512 * 1024;
const TRIES = 8;

const part = (name) => form.querySelector(`[data-${name}]`);
const sentences = Object.fromEntries(
  [...part("sentences").querySelectorAll("dt")].map((term) => [
    term.textContent,
    term.nextElementSibling.textContent,
  ]),
);

function say(key, values = {}) {
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replace(`[${name}]`, value),
    sentences[key],
  );
}

function size(bytes) {
  const units = ["B", "KB", "MB", "GB"];
  let at = 0;
  let number = bytes;
  while (number >= 1024 && at < units.length - 1) {
    number /= 1024;
    at += 1;
  }
  return `${number.toFixed(at ? 1 : 0)} ${units[at]}`;
}

class Refused extends Error {
  constructor(status, answer) {
    super(answer.message ?? say("failed"));
    this.status = status;
    this.offset = answer.offset;
  }
}

/** JSON from the server. Throws Refused when it says no, TypeError when it cannot be reached. */
async function ask(address, options = {}) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const response = await fetch(address, {
    ...options,
    redirect: "error",
    headers: { "X-CSRFToken": token, ...options.headers },
  });
  const json = response.headers.get("content-type")?.startsWith("application/json");
  const answer = json ? await response.json() : {};
  if (!response.ok || !json) throw new Refused(response.status, answer);
  return answer;
}

async function digest(blob) {
  if (!globalThis.crypto?.subtle || blob.size > LARGEST_HASHED) return "";
  const bytes = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Rate over the last seconds, and what it says of the rest. */
class Rate {
  constructor() {
    this.marks = [];
  }

  note(offset) {
    const now = performance.now();
    this.marks.push([now, offset]);
    this.marks = this.marks.filter(([when]) => now - when < 8000);
  }

  words(offset, total) {
    const [[then, before], [now, after]] = [this.marks[0], this.marks.at(-1)];
    const sent = say("sent", { sent: size(offset), size: size(total) });
    const rate = now - then > 500 ? ((after - before) / (now - then)) * 1000 : 0;
    if (rate <= 0) return sent;
    const seconds = Math.ceil((total - offset) / rate);
    const time =
      seconds < 90 ? say("seconds", { n: seconds }) : say("minutes", { n: Math.ceil(seconds / 60) });
    return `${sent} · ${size(rate)}/s · ${say("left", { time })}`;
  }
}

let stopping = null;

function show(words) {
  part("words").textContent = words;
}

/** For those who listen: now and then, not with every piece. */
let spokenAt = -Infinity;
function speak(words, now = false) {
  if (!now && performance.now() - spokenAt < 10000) return;
  spokenAt = performance.now();
  part("spoken").textContent = words;
}

function fail(message) {
  const place = part("error");
  place.querySelector("p").textContent = message;
  place.hidden = !message;
}

const wait = (seconds) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    stopping.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(stopping.signal.reason);
    });
  });

async function begin(file) {
  const page = form.dataset.page;
  if (page) {
    const there = await ask(`${page}/offset`);
    if (there.state !== "receiving") window.location.assign(page);
    const head = there.head_size ? await digest(file.slice(0, there.head_size)) : "";
    if (there.size !== file.size || (head && head !== there.head)) {
      throw new Refused(409, { message: say("other") });
    }
    return there;
  }
  const made = await ask(form.dataset.start, {
    method: "POST",
    body: JSON.stringify({ feed: form.dataset.feed, name: file.name, size: file.size }),
  });
  form.dataset.page = made.page;
  form.dataset.size = made.size;
  window.history.replaceState(null, "", made.page);
  return made;
}

async function sendPieces(file, begun) {
  const { page } = begun;
  const rate = new Rate();
  const bar = form.querySelector("progress");
  let { offset } = begun;
  let piece = Math.min(FIRST_PIECE, begun.chunk);
  let failures = 0;
  bar.max = file.size;
  while (offset < file.size) {
    bar.value = offset;
    rate.note(offset);
    show(rate.words(offset, file.size));
    speak(rate.words(offset, file.size));
    const started = performance.now();
    try {
      const answer = await ask(`${page}/chunk`, {
        method: "POST",
        body: file.slice(offset, offset + piece),
        headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(offset) },
        signal: stopping.signal,
      });
      offset = answer.offset;
      failures = 0;
      if (performance.now() - started < 700) piece = Math.min(piece * 2, begun.chunk);
    } catch (error) {
      if (stopping.signal.aborted) throw error;
      if (error instanceof Refused && error.offset !== undefined) {
        failures += 1;
        offset = error.offset;
        if (failures > TRIES) throw error;
      } else if (error instanceof Refused && error.status < 500) {
        throw error;
      } else if (error instanceof Refused && error.status === 507) {
        throw error;
      } else {
        failures += 1;
        if (failures > TRIES) throw new Refused(0, { message: say("lost") });
        const seconds = Math.min(30, 2 ** failures);
        piece = Math.min(FIRST_PIECE, begun.chunk);
        show(say("waiting", { n: seconds }));
        speak(say("waiting", { n: seconds }), true);
        await wait(seconds);
        offset = await ask(`${page}/offset`).then(
          (there) => there.offset,
          () => offset,
        );
      }
    }
  }
  bar.value = file.size;
}

function busy(yes) {
  part("sending").hidden = !yes;
  part("stop").hidden = !yes;
  part("send").hidden = yes;
  part("drop").hidden = yes;
  if (!yes && form.dataset.page) part("send").lastChild.textContent = ` ${say("goon")}`;
}

async function send(file) {
  stopping = new AbortController();
  fail("");
  part("stopped").hidden = true;
  busy(true);
  part("stop").focus();
  try {
    const begun = await begin(file);
    await sendPieces(file, begun);
    show(say("checking"));
    speak(say("checking"), true);
    const done = await ask(`${begun.page}/finish`, {
      method: "POST",
      body: JSON.stringify({ digest: await digest(file) }),
    });
    window.location.assign(done.page);
  } catch (error) {
    busy(false);
    if (stopping.signal.aborted) part("stopped").hidden = false;
    else if (error instanceof Refused) fail(error.message);
    else fail(say("lost"));
    part("send").focus();
  }
}

const input = form.querySelector("input[type=file]");
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (input.files.length) send(input.files[0]);
});
part("stop").addEventListener("click", () => stopping.abort());

const zone = part("drop");
for (const name of ["dragenter", "dragover"]) {
  zone.addEventListener(name, (event) => {
    event.preventDefault();
    zone.classList.add("drop-over");
  });
}
for (const name of ["dragleave", "drop"]) {
  zone.addEventListener(name, () => zone.classList.remove("drop-over"));
}
zone.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
});
