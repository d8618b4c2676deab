"""Whisper's log-mel features worked out slowly and plainly, to compare the server's fast code with.

Standard library only: a direct discrete Fourier transform in double precision and mel filters from their definition.
Run `python3 log_mel.py > log_mel.json` in this folder; it takes a few seconds.
"""
import json
import math

RATE, N_FFT, HOP = 16000, 400, 160
COS = [math.cos(2 * math.pi * i / N_FFT) for i in range(N_FFT)]
SIN = [math.sin(2 * math.pi * i / N_FFT) for i in range(N_FFT)]
HANN = [0.5 * (1 - c) for c in COS]


def sine(seconds):
    return [0.5 * math.sin(2 * math.pi * 440 * i / RATE) for i in range(int(seconds * RATE))]


def chirp(seconds):
    """From 100 Hz to 7000 Hz, the frequency growing evenly."""
    out = []
    for i in range(int(seconds * RATE)):
        t = i / RATE
        out.append(0.3 * math.sin(2 * math.pi * (100 * t + (7000 - 100) * t * t / (2 * seconds))))
    return out


def mel_of(hertz):
    return hertz * 3 / 200 if hertz < 1000 else 15 + 27 * math.log(hertz / 1000) / math.log(6.4)


def hertz_of(mel):
    return mel * 200 / 3 if mel < 15 else 1000 * 6.4 ** ((mel - 15) / 27)


def filters(bins):
    corners = [hertz_of(mel_of(RATE / 2) * i / (bins + 1)) for i in range(bins + 2)]
    rows = []
    for low, mid, high in zip(corners, corners[1:], corners[2:]):
        row = []
        for k in range(N_FFT // 2 + 1):
            f = k * RATE / N_FFT
            if low < f <= mid:
                w = (f - low) / (mid - low)
            elif mid < f < high:
                w = (high - f) / (high - mid)
            else:
                w = 0.0
            row.append(w * 2 / (high - low))
        rows.append(row)
    return rows


def powers(frame):
    windowed = [a * b for a, b in zip(frame, HANN)]
    if not any(windowed):
        return [0.0] * (N_FFT // 2 + 1)
    out = []
    for k in range(N_FFT // 2 + 1):
        re = sum(x * COS[k * i % N_FFT] for i, x in enumerate(windowed))
        im = sum(x * SIN[k * i % N_FFT] for i, x in enumerate(windowed))
        out.append(re * re + im * im)
    return out


def features(sound, chunk_seconds, bins):
    """Columns of one chunk; the last of the centred windows is left out, as Whisper does."""
    total = RATE * chunk_seconds
    sound = sound + [0.0] * (total - len(sound))
    half = N_FFT // 2
    padded = sound[half:0:-1] + sound + sound[-2:-2 - half:-1]
    bank = filters(bins)
    columns, silent = [], [math.log10(1e-10)] * bins
    for frame in range(total // HOP):
        window = padded[frame * HOP:frame * HOP + N_FFT]
        if not any(window):
            columns.append(silent)
            continue
        p = powers(window)
        columns.append([math.log10(max(1e-10, sum(w * x for w, x in zip(row, p) if w))) for row in bank])
    floor = max(max(column) for column in columns) - 8
    return [[(max(x, floor) + 4) / 4 for x in column] for column in columns]


def case(name, signal, seconds, chunk_seconds, bins, frames):
    columns = features({"sine": sine, "chirp": chirp, "silence": lambda s: [0.0] * int(s * RATE)}[signal](seconds), chunk_seconds, bins)
    return {"name": name, "signal": signal, "seconds": seconds, "chunk_seconds": chunk_seconds, "bins": bins,
            "columns": {str(f): [round(x, 6) for x in columns[f]] for f in frames}}


if __name__ == "__main__":
    print("[\n" + ",\n".join(json.dumps(c) for c in [
        case("a sine of 440 Hz, then silence", "sine", 0.5, 30, 80, [0, 1, 2, 25, 48, 49, 50, 51, 52, 1000, 2999]),
        case("a sine that fills its chunk", "sine", 1.0, 1, 128, [0, 1, 50, 98, 99]),
        case("a chirp that fills its chunk", "chirp", 1.0, 1, 80, [0, 1, 2, 10, 33, 50, 77, 98, 99]),
        case("a chirp in 128 bands, then silence", "chirp", 0.7, 2, 128, [0, 1, 20, 40, 69, 70, 71, 72, 199]),
        case("silence", "silence", 1.0, 30, 80, [0, 1500, 2999]),
    ]) + "\n]")
