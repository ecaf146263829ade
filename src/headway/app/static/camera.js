// The camera: opened in words that say why not, and recorded.

const REASONS = {
  NotAllowedError: "denied", SecurityError: "denied", PermissionDeniedError: "denied",
  NotFoundError: "none", OverconstrainedError: "none", DevicesNotFoundError: "none",
  NotReadableError: "taken", AbortError: "taken", TrackStartError: "taken",
};
const KINDS = ["video/mp4;codecs=avc1.42E01F,mp4a.40.2", "video/webm;codecs=vp8,opus", "video/webm;codecs=vp8", "video/webm", "video/mp4"];
const BITS = 6_000_000;

/** Why a camera cannot be had: key of a text in "camera". */
export class NoCamera extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Open a camera (with its microphone if asked for) and show it in a video element. */
export async function openCamera(video, { device = "", sound = false } = {}) {
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera("insecure");
  const picture = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 60 }, resizeMode: { ideal: "none" } };
  if (device) picture.deviceId = { exact: device };
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: picture, audio: false });
  } catch (fault) {
    throw new NoCamera(REASONS[fault.name] ?? "none");
  }
  if (sound) {
    try {
      const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
      const heard = await navigator.mediaDevices.getUserMedia({ audio: plain });
      for (const track of heard.getAudioTracks()) stream.addTrack(track);
    } catch { /* a film without sound is a film */ }
  }
  video.srcObject = stream;
  await video.play();
  return stream;
}

/** Cameras by name, once one was allowed. */
export async function cameras() {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter((one) => one.kind === "videoinput" && one.deviceId);
}

export function closeCamera(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Records a stream; stop() gives a File. */
export class Recording {
  constructor(stream, name) {
    const kind = KINDS.find((one) => MediaRecorder.isTypeSupported(one) && (one.includes("opus") || one.includes("mp4a") ? stream.getAudioTracks().length : true));
    this.name = name;
    this.pieces = [];
    this.recorder = new MediaRecorder(stream, { mimeType: kind, videoBitsPerSecond: BITS });
    this.recorder.addEventListener("dataavailable", (event) => {
      if (event.data.size) this.pieces.push(event.data);
    });
    this.begun = new Promise((done) => this.recorder.addEventListener("start", () => done(performance.now()), { once: true }));
    this.recorder.start(2000);
  }

  stop() {
    return new Promise((done) => {
      this.recorder.addEventListener("stop", () => {
        const kind = this.recorder.mimeType.split(";")[0];
        done(new File(this.pieces, `${this.name}.${kind.endsWith("mp4") ? "mp4" : "webm"}`, { type: kind, lastModified: Date.now() }));
      }, { once: true });
      this.recorder.stop();
    });
  }
}
