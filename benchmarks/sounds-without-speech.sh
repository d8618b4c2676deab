#!/usr/bin/env bash
# sounds-without-speech.sh FILE.flac: an hour of music, noise, applause and silence without speech, to count invented words:
#   dotnet run --project benchmarks/VideoUnderstanding.Benchmarks -c Release -- speech FILE.flac
# Music and applause come from Debian packages (apt-get download), so that nothing is installed.
set -euo pipefail
target=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -q asc-music extremetuxracer-data frozen-bubble-data
for package in *.deb; do dpkg -x "$package" x; done

count=100
part() {
    count=$((count + 1))
    ffmpeg -nostdin -v error "$@" -ac 1 -ar 16000 -c:a pcm_s16le "part-$count.wav"
}
# 39 minutes of music.
for file in $(find x -path '*music*' -name '*.mp3' -o -path '*music*' -name '*.ogg' -o -name '*zik*.ogg' | sort); do part -i "$file"; done
# Five minutes of applause, and four minutes of short noises of games.
part -stream_loop -1 -i "$(find x -name applause.ogg)" -t 300
for file in $(find x -path '*etr/sounds*' -name '*.wav' | sort); do part -stream_loop -1 -i "$file" -t 24; done
# Four minutes of noise.
for colour in white pink brown; do
    for level in 0.01 0.1 0.5; do part -f lavfi -i "anoisesrc=colour=$colour:amplitude=$level:seed=1:duration=27"; done
done
for file in part-*.wav; do printf "file '%s'\n" "$file"; done > list
ffmpeg -nostdin -v error -f concat -i list -c copy joined.wav
# The rest is silence.
ffmpeg -nostdin -v error -y -i joined.wav -af apad=whole_dur=3600 -t 3600 -c:a flac "$target"
ffprobe -v error -show_entries format=duration -of csv=p=0 "$target"
