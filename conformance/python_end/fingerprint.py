"""What a piece of a response sounds like: see "The band" and "The piece" in the protocol page."""

import base64
import math
import struct

BAND_HZ = 8000


def bessel(x):
    """I0, the modified Bessel function of order 0."""
    total, term, k = 1.0, 1.0, 0
    while term > total * 1e-12:
        k += 1
        term *= (x / 2 / k) ** 2
        total += term
    return total


def kernel(rate):
    """The taps of the low-pass filter, from -half to half."""
    half = math.ceil((42 / 2.285) * rate / (4 * math.pi * 900))
    taps = []
    for t in range(-half, half + 1):
        a = 2 * math.pi * 3400 * t / rate
        sinc = math.sin(a) / a if t != 0 else 1
        taps.append(sinc * bessel(4.55 * math.sqrt(1 - (t / (half + 1)) ** 2)))
    total = sum(taps)
    return [tap / total for tap in taps]


def in_band(audio, rate, at, count):
    """So many band samples from an input sample on. Outside the audio there is silence."""
    taps = kernel(rate)
    half = len(taps) // 2
    step = rate // BAND_HZ
    padded = [0] * half + list(audio) + [0] * (half + count * step)
    starts = range(at, at + count * step, step)
    return [sum(tap * one for tap, one in zip(taps, padded[start : start + len(taps)])) for start in starts]


def fingerprint(samples, sampleRateHz, atSample, bandSamples):
    data = base64.b64decode(samples)
    audio = struct.unpack(f"<{len(data) // 2}h", data)
    band = in_band(audio, sampleRateHz, atSample, bandSamples)
    peak = max(1, max(abs(one) for one in band))
    sound = struct.pack(f"{len(band)}b", *(round(one * 127 / peak) for one in band))
    return {"sound": base64.b64encode(sound).decode()}
