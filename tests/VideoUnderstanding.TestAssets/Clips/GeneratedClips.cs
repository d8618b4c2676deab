using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.TestAssets.Clips;

/// <summary>A small set of generated clips in common containers and codecs, with their ground truth for pictures, speech and text on
/// screen.</summary>
public static class GeneratedClips
{
    public const string Colours = "colours.mp4";
    public const string Sideways = "sideways.mp4";
    public const string Uneven = "uneven.mp4";
    public const string Hevc = "hevc.mkv";
    public const string Vp8 = "vp8.webm";
    public const string Mpeg4 = "mpeg4.avi";
    public const string MotionJpeg = "motion-jpeg.mov";
    public const string SoundOnly = "sound-only.m4a";
    public const string CutIndex = "cut-index.mp4";
    public const string CutData = "cut-data.mp4";
    public const string PlainText = "plain-text.mp4";
    public const string Empty = "empty.mp4";

    private const string HevcEncoder = "libx265";
    private static readonly string[] H264 = ["-c:v", "libx264", "-preset", "ultrafast"];
    private static readonly string[] Aac = ["-c:a", "aac", "-b:a", "96k"];

    private static readonly IReadOnlyList<ClipRecipe> Recipes =
    [
        new(Colours, "h264", [.. H264, .. Aac],
            [
                new(0, 5, Colour("red"), "HARBOUR STATION"), new(5, 10, Colour("green")),
                new(10, 15, Colour("blue"), "MARKET CLOSED", "OPEN AT NOON"), new(15, 20, Colour("yellow")),
            ],
            [new(1, Phrases.Ship), new(6.5, Phrases.Bread), new(12, Phrases.Map)]),
        new(Sideways, "h264", H264, [new(0, 6, Colour("purple"), "WINTER", "GARDEN")], null) { Width = 360, Height = 640, Sideways = true },
        new(Uneven, "h264", [.. H264, .. Aac], [new(0, 4, Colour("cyan")), new(4, 9, Colour("pink"))], [new(5, Phrases.Plants)])
        {
            Uneven = true,
        },
        new(Hevc, "hevc", ["-c:v", HevcEncoder, "-preset", "ultrafast", "-x265-params", "log-level=error"],
            [new(0, 5, Colour("brown"), "LIBRARY 24")], null),
        new(Vp8, "vp8", ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M", "-c:a", "libvorbis"],
            [new(0, 5, Colour("orange"))], [new(1, Phrases.GoodMorning)]),
        new(Mpeg4, "mpeg4", ["-c:v", "mpeg4", "-q:v", "4", "-c:a", "libmp3lame"], [new(0, 6, Colour("black"), "TRAIN TICKETS")],
            [new(2, Phrases.Whistle)]),
        new(MotionJpeg, "mjpeg", ["-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p"], [new(0, 5, Colour("grey"))], null),
        new(SoundOnly, "", Aac, [], [new(1, Phrases.GoodMorning)]),
    ];

    /// <summary>Encoded once for all tests of the process.</summary>
    private static readonly Lazy<Task<EncodedSet>> Encoded = new(EncodeAsync);

    /// <summary>Writes the clips, except those whose encoder this FFmpeg lacks, and files that are not valid clips.</summary>
    public static async Task<GroundTruth> WriteToAsync(string folder, CancellationToken cancellationToken)
    {
        var set = await Encoded.Value.WaitAsync(cancellationToken);
        foreach (var (name, bytes) in set.Files)
            await File.WriteAllBytesAsync(Path.Combine(folder, name), bytes, cancellationToken);
        return set.Facts;
    }

    private static async Task<EncodedSet> EncodeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("generated-clips-").FullName;
        try
        {
            var facts = await EncodeToAsync(folder, CancellationToken.None);
            return new EncodedSet(facts,
                Directory.GetFiles(folder).ToDictionary(path => Path.GetFileName(path), path => File.ReadAllBytes(path)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<GroundTruth> EncodeToAsync(string folder, CancellationToken cancellationToken)
    {
        var hasHevc = await ClipEncoder.HasEncoderAsync(HevcEncoder, cancellationToken);
        var recipes = Recipes.Where(recipe => hasHevc || !recipe.Encoding.Contains(HevcEncoder)).ToList();
        var facts = new ClipFacts[recipes.Count];
        await Parallel.ForEachAsync(recipes.Index(), cancellationToken,
            async (recipe, token) => facts[recipe.Index] = await ClipEncoder.EncodeAsync(folder, recipe.Item, token));
        return new GroundTruth(facts, await BreakAsync(folder, cancellationToken));
    }

    private static async Task<IReadOnlyList<BrokenFile>> BreakAsync(string folder, CancellationToken cancellationToken)
    {
        var whole = await File.ReadAllBytesAsync(Path.Combine(folder, Colours), cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, CutIndex), whole[..(whole.Length / 2)], cancellationToken);
        var indexFirst = Recipes[0] with { File = CutData, Encoding = [.. H264, .. Aac, "-movflags", "+faststart"] };
        await ClipEncoder.EncodeAsync(folder, indexFirst, cancellationToken);
        var cut = await File.ReadAllBytesAsync(Path.Combine(folder, CutData), cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, CutData), cut[..(cut.Length * 55 / 100)], cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, PlainText), string.Concat(Enumerable.Repeat("This is no video.\n", 100)),
            cancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(folder, Empty), [], cancellationToken);
        return
        [
            new(CutIndex, "the first half of a clip whose index is at the end"), new(CutData, "the index and half of the data"),
            new(PlainText, "plain text"), new(Empty, "no bytes"),
        ];
    }

    private static TinyColour Colour(string name) => TinyColours.Named(name);

    /// <param name="Files">Content by file name.</param>
    private sealed record EncodedSet(GroundTruth Facts, IReadOnlyDictionary<string, byte[]> Files);
}
