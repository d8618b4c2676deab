using System.Buffers.Binary;
using System.Text;

namespace VideoUnderstanding.IntegrationTests.Media;

/// <summary>Changes single fields of MP4 files (ISO/IEC 14496-12). Some versions of FFmpeg cannot write these fields.</summary>
internal static class Mp4Boxes
{
    /// <summary>Sets the matrix of the first track so that players turn the picture 90 degrees clockwise.</summary>
    public static void TurnClockwise(string path)
    {
        var bytes = File.ReadAllBytes(path);
        // Version 0: the type is followed by 40 bytes of flags, times, track id, duration, layer and volume.
        var matrix = bytes.AsSpan(Find(bytes, "tkhd") + 4 + 40);
        int[] clockwise = [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000];
        for (var i = 0; i < clockwise.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(matrix[(i * 4)..], clockwise[i]);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Overwrites four bytes of the samples at each interval, with a fixed random seed.</summary>
    public static void Damage(string path, int everyBytes)
    {
        var bytes = File.ReadAllBytes(path);
        var start = Find(bytes, "mdat") + 4;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(start - 8));
        var random = new Random(7);
        for (var at = start + length / 4; at < start + length - 8; at += everyBytes)
            random.NextBytes(bytes.AsSpan(at, 4));
        File.WriteAllBytes(path, bytes);
    }

    private static int Find(byte[] bytes, string type) => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(type));
}
