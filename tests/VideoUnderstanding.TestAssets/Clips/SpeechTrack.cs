using System.Buffers.Binary;
using System.Text;

namespace VideoUnderstanding.TestAssets.Clips;

/// <summary>Speech over quiet music as a WAV file: mono, 16 bits, 48 kHz, so that it must be converted before it is recognised.</summary>
internal static class SpeechTrack
{
    private const int Factor = 3;
    private const int Rate = Factor * FliteVoice.SampleRate;

    public static void Save(string path, double duration, IReadOnlyList<Utterance> speech)
    {
        var samples = FliteVoice.Mix(duration, speech, FliteVoice.Chord);
        var sound = new byte[samples.Length * Factor * 2];
        for (var i = 0; i < samples.Length * Factor; i++)
        {
            var (left, part) = (i / Factor, i % Factor / (float)Factor);
            var value = samples[left] * (1 - part) + samples[Math.Min(left + 1, samples.Length - 1)] * part;
            BinaryPrimitives.WriteInt16LittleEndian(sound.AsSpan(i * 2), (short)(value * short.MaxValue));
        }
        File.WriteAllBytes(path, [.. Header(sound.Length), .. sound]);
    }

    private static byte[] Header(int bytes)
    {
        using var header = new MemoryStream();
        using var writer = new BinaryWriter(header, Encoding.ASCII);
        writer.Write("RIFF"u8);
        writer.Write(36 + bytes);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(Rate);
        writer.Write(Rate * 2);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(bytes);
        writer.Flush();
        return header.ToArray();
    }
}
