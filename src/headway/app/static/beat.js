// What is heard: the chirps of the blocks, the count-in, the metronome and the voice; all sounds by the clock of Web Audio.

const AHEAD = 0.25, EVERY = 80; // s that sounds are planned ahead, ms between looks at the clock

export class Sound {
  constructor() {
    this.context = new AudioContext();
    this.marks = new Map();
    this.ticker = 0;
  }

  get now() {
    return this.context.currentTime;
  }

  /** s from when a sound is played until it is heard. */
  get late() {
    return this.context.outputLatency || this.context.baseLatency || 0;
  }

  async wake() {
    if (this.context.state !== "running") await this.context.resume();
  }

  /** Load the chirps of these blocks. */
  async load(numbers) {
    for (const number of numbers) {
      for (const edge of ["start", "stop"]) {
        const answer = await fetch(`/drill/sounds/${edge}-${number}.wav`);
        this.marks.set(`${edge}-${number}`, await this.context.decodeAudioData(await answer.arrayBuffer()));
      }
    }
  }

  mark(edge, number, at) {
    const source = new AudioBufferSourceNode(this.context, { buffer: this.marks.get(`${edge}-${number}`) });
    source.connect(this.context.destination);
    source.start(at);
    return source;
  }

  tone(at, { pitch = 660, long = 0.12, loud = 0.4 } = {}) {
    const gain = new GainNode(this.context, { gain: 0 }), wave = new OscillatorNode(this.context, { frequency: pitch });
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loud, at + 0.008);
    gain.gain.exponentialRampToValueAtTime(0.001, at + long);
    wave.connect(gain).connect(this.context.destination);
    wave.start(at);
    wave.stop(at + long + 0.02);
  }

  /** Beat from one time to another, in beats per minute. */
  beat(rate, from, to) {
    clearInterval(this.ticker);
    if (!rate) return;
    let next = from;
    const plan = () => {
      while (next < this.now + AHEAD && next < to) {
        this.tone(next, { pitch: 880, long: 0.04, loud: 0.25 });
        next += 60 / rate;
      }
      if (next >= to) clearInterval(this.ticker);
    };
    plan();
    this.ticker = setInterval(plan, EVERY);
  }

  silence() {
    clearInterval(this.ticker);
    speechSynthesis?.cancel();
    this.context.suspend();
  }
}

/** Whether this system can speak the page's language; voices may take a moment to appear. */
export async function canSpeak() {
  if (!window.speechSynthesis) return false;
  const fits = () => speechSynthesis.getVoices().some((one) => one.lang.startsWith(document.documentElement.lang));
  for (let k = 0; k < 10 && !fits(); k++) await new Promise((done) => setTimeout(done, 50));
  return fits();
}

export function speak(text) {
  if (!window.speechSynthesis) return;
  const said = new SpeechSynthesisUtterance(text);
  said.lang = document.documentElement.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(said);
}
