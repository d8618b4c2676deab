using System.Buffers.Binary;
using System.Text;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.TestAssets.Clips;

/// <summary>Sound in which phrases are tones, as a WAV file: mono, 16 bits, 44100 Hz, so that it has to be converted before it is heard.</summary>
internal static class ToneTrack
{
    private const int Rate = 44_100;
    private const double Loudness = 0.3;
    private const double FadeSeconds = 0.02;

    public static void Save(string path, double duration, IReadOnlyList<SpokenTone> tones)
    {
        var sound = new byte[(int)(duration * Rate) * 2];
        foreach (var tone in tones)
            for (var i = (int)(tone.Start * Rate); i < (int)(tone.End * Rate); i++)
            {
                var time = i / (double)Rate;
                var fade = Math.Clamp(Math.Min(time - tone.Start, tone.End - time) / FadeSeconds, 0, 1);
                var value = Loudness * fade * Math.Sin(2 * Math.PI * tone.Phrase.Frequency * time);
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
