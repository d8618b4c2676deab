using System.Buffers.Binary;
using System.Globalization;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.TestAssets.Clips;

/// <summary>Clips of a few seconds with colours, a spoken sentence and a word on screen. Any number of copies with different bytes can be
/// made.</summary>
public static class SmallClips
{
    public const int Count = 3;

    private static readonly string[] Colours = ["red", "blue", "cyan"];
    private static readonly string[] Spoken = [Phrases.GoodMorning, Phrases.Ship, Phrases.Plants];

    public static async Task WriteToAsync(string folder, CancellationToken cancellationToken)
    {
        for (var number = 0; number < Count; number++)
            await ClipEncoder.EncodeAsync(folder, Recipe(number), cancellationToken);
    }

    /// <summary>Returns a clip with the same pictures and sound but different bytes: a "free" box, which readers skip, contains the number.
    /// Source: ISO/IEC 14496-12, 8.1.2.</summary>
    public static Task<byte[]> CopyAsync(string folder, int number, CancellationToken cancellationToken)
        => CopyAsync(folder, number, 0, cancellationToken);

    /// <inheritdoc cref="CopyAsync(string, int, CancellationToken)"/>
    /// <param name="padding">Number of further bytes in the box.</param>
    public static async Task<byte[]> CopyAsync(string folder, int number, int padding, CancellationToken cancellationToken)
    {
        var clip = await File.ReadAllBytesAsync(Path.Combine(folder, Recipe(number % Count).File), cancellationToken);
        var box = new byte[16 + padding];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        "free"u8.CopyTo(box.AsSpan(4));
        BinaryPrimitives.WriteInt64BigEndian(box.AsSpan(8), number);
        return [.. clip, .. box];
    }

    private static ClipRecipe Recipe(int number) => new(
        string.Create(CultureInfo.InvariantCulture, $"small-{number}.mp4"), "h264",
        ["-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-b:a", "64k"],
        [new(0, 3, TinyColours.Named(Colours[number]), "HARBOUR"), new(3, 5, TinyColours.Named("yellow"))], [new(1, Spoken[number])]);
}
