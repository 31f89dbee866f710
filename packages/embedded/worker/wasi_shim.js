// @ts-check
/**
 * The part of WASI that flite needs: arguments, standard output, and one file in memory.
 *
 * `node:wasi` is experimental, prints a warning and opens the real file system, which flite does not
 * need.
 */

const ERRNO_BADF = 8;
const ERRNO_SPIPE = 70;
const DIRECTORY_FD = 3;
const FILE_FD = 4;

/** Thrown through `_start` when the program ends: a WASI command has no other way to stop. */
class ProcessExit extends Error {
  /** @param {number} code */
  constructor(code) {
    super(`exit code ${code}`);
    this.code = code;
  }
}

/** A byte buffer that can be written at any position: flite goes back to fill in the RIFF header. */
class MemoryFile {
  #bytes = new Uint8Array(1 << 17);
  #sizeBytes = 0;
  #position = 0;

  /** @param {Uint8Array} chunk */
  write(chunk) {
    const end = this.#position + chunk.length;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#sizeBytes));
      this.#bytes = grown;
    }
    this.#bytes.set(chunk, this.#position);
    this.#position = end;
    this.#sizeBytes = Math.max(this.#sizeBytes, end);
  }

  /** @param {number} offset @param {number} whence 0 start, 1 current, 2 end @returns {number} */
  seek(offset, whence) {
    this.#position = offset + (whence === 0 ? 0 : whence === 1 ? this.#position : this.#sizeBytes);
    return this.#position;
  }

  /** @returns {Uint8Array} */
  contents() {
    return this.#bytes.subarray(0, this.#sizeBytes);
  }
}

/** The system as the program sees it. Every pointer is an address in the program's memory. */
class System {
  /** @type {WebAssembly.Memory | undefined} Set once the instance exists, before it runs. */
  memory;
  stdout = '';
  file = new MemoryFile();
  /** @type {Uint8Array[]} */
  #argv = [];
  #onFileOpened = () => {};
  #decoder = new TextDecoder('latin1');

  /** @param {readonly string[]} args @param {() => void} onFileOpened */
  setUp(args, onFileOpened) {
    this.#argv = args.map((arg) => new TextEncoder().encode(`${arg}\0`));
    this.#onFileOpened = onFileOpened;
  }

  /** The imports, by their WASI names. @returns {Record<string, (...args: any[]) => number>} */
  imports() {
    return {
      args_sizes_get: (countOut, sizeOut) => this.#argsSizes(countOut, sizeOut),
      args_get: (pointersOut, bufferOut) => this.#args(pointersOut, bufferOut),
      // A fixed time, so that the same text gives the same bytes.
      clock_time_get: (_clock, _precision, out) => this.#setU64(out, 0n),
      fd_close: () => 0,
      fd_fdstat_get: (fd, out) => this.#fdStat(fd, out),
      fd_fdstat_set_flags: () => 0,
      fd_prestat_get: (fd, out) => this.#prestat(fd, out),
      fd_prestat_dir_name: (_fd, out) => this.#setU8(out, '.'.charCodeAt(0)),
      fd_read: (_fd, _iovs, _count, out) => this.#setU32(out, 0),
      fd_seek: (fd, offset, whence, out) => this.#seek(fd, offset, whence, out),
      fd_write: (fd, iovs, count, out) => this.#write(fd, iovs, count, out),
      path_open: (_fd, _dirFlags, _path, _length, _openFlags, _rights, _inherit, _flags, out) =>
        this.#open(out),
      proc_exit: (code) => {
        throw new ProcessExit(code);
      },
    };
  }

  // Memory may grow, which detaches its buffer, so no view is kept.
  get #buffer() {
    if (!this.memory) throw new Error('the program ran before its memory was known');
    return this.memory.buffer;
  }

  get #view() {
    return new DataView(this.#buffer);
  }

  /** @param {number} pointer @param {number} value */
  #setU8(pointer, value) {
    this.#view.setUint8(pointer, value);
    return 0;
  }

  /** @param {number} pointer @param {number} value */
  #setU32(pointer, value) {
    this.#view.setUint32(pointer, value, true);
    return 0;
  }

  /** @param {number} pointer @param {bigint} value */
  #setU64(pointer, value) {
    this.#view.setBigUint64(pointer, value, true);
    return 0;
  }

  /** @param {number} countOut @param {number} sizeOut */
  #argsSizes(countOut, sizeOut) {
    this.#setU32(countOut, this.#argv.length);
    return this.#setU32(
      sizeOut,
      this.#argv.reduce((sum, arg) => sum + arg.length, 0),
    );
  }

  /** @param {number} pointersOut @param {number} bufferOut */
  #args(pointersOut, bufferOut) {
    let at = bufferOut;
    for (const [index, arg] of this.#argv.entries()) {
      this.#setU32(pointersOut + index * 4, at);
      new Uint8Array(this.#buffer).set(arg, at);
      at += arg.length;
    }
    return 0;
  }

  /** @param {number} fd @param {number} out */
  #fdStat(fd, out) {
    const allRights = 0xffff_ffff_ffff_ffffn;
    this.#setU64(out, 0n);
    this.#setU8(out, fd === DIRECTORY_FD ? 3 : fd < DIRECTORY_FD ? 2 : 4);
    this.#setU64(out + 8, allRights);
    return this.#setU64(out + 16, allRights);
  }

  /** @param {number} fd @param {number} out */
  #prestat(fd, out) {
    if (fd !== DIRECTORY_FD) return ERRNO_BADF;
    this.#setU32(out, 0);
    return this.#setU32(out + 4, 1);
  }

  /** @param {number} fd @param {bigint} offset @param {number} whence @param {number} out */
  #seek(fd, offset, whence, out) {
    if (fd !== FILE_FD) return ERRNO_SPIPE;
    return this.#setU64(out, BigInt(this.file.seek(Number(offset), whence)));
  }

  /** @param {number} fd @param {number} iovs @param {number} count @param {number} out */
  #write(fd, iovs, count, out) {
    let writtenBytes = 0;
    for (let iov = iovs; iov < iovs + count * 8; iov += 8) {
      const pointer = this.#view.getUint32(iov, true);
      const chunk = new Uint8Array(this.#buffer, pointer, this.#view.getUint32(iov + 4, true));
      if (fd === FILE_FD) this.file.write(chunk);
      else this.stdout += this.#decoder.decode(chunk);
      writtenBytes += chunk.length;
    }
    return this.#setU32(out, writtenBytes);
  }

  /** @param {number} out */
  #open(out) {
    this.#onFileOpened();
    return this.#setU32(out, FILE_FD);
  }
}

/**
 * One run of a WASI command.
 *
 * Creating and running are two steps, because creating the instance copies the program's constants. That
 * takes 14 ms for flite and can be done before the arguments are known.
 */
export class Command {
  #system = new System();
  #start;
  /** The command's memory; before `run` it holds only the constants. */
  memory;

  /** @param {WebAssembly.Module} module */
  constructor(module) {
    const imports = { wasi_snapshot_preview1: this.#system.imports() };
    const { memory, _start: start } = new WebAssembly.Instance(module, imports).exports;
    if (!(memory instanceof WebAssembly.Memory) || typeof start !== 'function') {
      throw new Error('not a WASI command: it exports no memory or no _start');
    }
    this.#start = start;
    this.#system.memory = memory;
    this.memory = memory;
  }

  /**
   * Runs to the end. Call it once.
   *
   * @param {readonly string[]} args ASCII.
   * @param {() => void} onFileOpened Called while the program is in the call that opens its file.
   * @returns {{ stdout: string, file: Uint8Array }}
   * @throws {Error} When the command traps or exits with a code other than 0.
   */
  run(args, onFileOpened) {
    this.#system.setUp(args, onFileOpened);
    try {
      this.#start();
    } catch (error) {
      if (!(error instanceof ProcessExit && error.code === 0)) throw error;
    }
    return { stdout: this.#system.stdout, file: this.#system.file.contents() };
  }
}
